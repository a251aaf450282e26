package ship

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

const (
	traceID     = "4bf92f3577b34da6a3ce929d0e0e4736"
	compactLine = `{"trace_id":"` + traceID + `","span_id":"00f067aa0ba902b7","name":"compact","kind":"server","start_time_ms":1,"end_time_ms":2,"duration_ms":1,"status":"unset","attributes":{"n":1},"resource":{"service.name":"shop"}}`
	honeyLine   = `{"time":"2023-11-14T22:13:20Z","data":{"trace.trace_id":"` + traceID + `","trace.span_id":"00f067aa0ba902b7","name":"honeycomb","duration_ms":1,"service.name":"shop"}}`
	otlpLog     = `{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"timeUnixNano":"5","body":{"stringValue":"with a trace"},"traceId":"` + traceID + `"},{"body":{"stringValue":"without"}}]}]}]}`
	appLog      = `{"time":"2023-11-14T22:13:20Z","level":"WARN","msg":"slog","trace_id":"` + traceID + `","span_id":"00f067aa0ba902b7","n":3,"service.name":"shop"}`
	oddNumbers  = `{"msg":"odd","trace_id":"` + traceID + `","a":1e999,"b":-1e999,"c":nan,"d":{"e":1e999}}`
	schemaLine  = `{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[{"traceId":"` + traceID + `","spanId":"00f067aa0ba902b7","name":"schema","attributes":[{"key":"map","value":{"kvlistValue":{"values":[]}}}]}],"schemaUrl":"u"}],"schemaUrl":"u"},{"scopeSpans":[{"spans":[{"traceId":"` + traceID + `","spanId":"00f067aa0ba902b8","name":"second"}]}]}]}`
)

func TestShipsWhatViewReads(t *testing.T) {
	r := newReceiver(t)
	cfg, notes := config(r.URL)
	var text []string
	cfg.Text = func(line string) { text = append(text, line) }
	sum := run(t, piped(cfg, strings.Join([]string{
		spanLine("alone"), "otlp_logs :: " + spanLine("prefix"), "stdout | 1b4f3c2a | " + spanLine("log-tail"),
		compactLine, "spans :: " + honeyLine, "[" + spanLine("in an array") + ", " + compactLine + "]",
		schemaLine, "", "Listening on \x1b[1mport 1\x1b[0m", `{"resourceMetrics":[]}`, otlpLog, appLog, `{"resourceSpans":[]}`,
	}, "\n")))
	assert.Equal(t, []string{
		"alone", "prefix", "log-tail", "compact", "honeycomb", "in an array", "compact", "schema", "second",
		"log: with a trace", "log: without", "log: slog",
	}, r.got())
	assert.Equal(t, Counts{Lines: 13, Telemetry: 10, Other: 2}, sum.Counts)
	assert.Equal(t, Delivery{Sent: 9}, sum.Spans)
	assert.Equal(t, Delivery{Sent: 3}, sum.Logs)
	assert.Equal(t, 2, sum.Requests)
	assert.True(t, sum.Complete())
	assert.Equal(t, []string{"Listening on port 1", `{"resourceMetrics":[]}`}, text)
	assert.Empty(t, notes.String())
	assert.Contains(t, string(r.bodies[0]), `"kvlistValue":{"values":[]}`, "what is OTLP is sent as it stands")
	assert.Equal(t, 1, strings.Count(string(r.bodies[0]), `{"name":"s"},"spans":[{"traceId":"`+fmt.Sprintf("%032x", 6)))
	assert.Contains(t, string(r.bodies[1]), `{"key":"n","value":{"intValue":"3"}}`)
	assert.Contains(t, string(r.bodies[1]), `"severityNumber":13,"severityText":"WARN"`)
}

func TestElementsShareTheirResource(t *testing.T) {
	r := newReceiver(t)
	cfg, _ := config(r.URL)
	run(t, piped(cfg, spanLines(0, 100)+schemaLine+"\n"+spanLines(100, 110)))
	require.Len(t, r.bodies, 1)
	assert.Equal(t, 2, strings.Count(string(r.bodies[0]), "service.name"), "once before and once after another")
	assert.Len(t, r.got(), 112)
}

func TestTenThousandLinesOfWhichThreeAreBroken(t *testing.T) {
	r := newReceiver(t)
	file := inFolder(t, "lines")[0]
	list := strings.SplitAfter(spanLines(0, 10_000), "\n")
	for _, i := range []int{5, 500, 9999} {
		list[i] = list[i][:len(list[i])-9] + "\n"
	}
	writeFile(t, file, strings.Join(list, ""))
	cfg, notes := config(r.URL, file)
	var rejects strings.Builder
	cfg.Rejects = &rejects
	sum := run(t, cfg)
	assert.Len(t, r.got(), 9997)
	assert.Equal(t, Counts{Lines: 10_000, Telemetry: 9997, Broken: 3}, sum.Counts)
	assert.Equal(t, 9997, sum.Spans.Sent)
	assert.False(t, sum.Complete())
	assert.Equal(t, list[5]+list[500]+list[9999], rejects.String())
	assert.Contains(t, notes.String(), file+":6: ")
	t.Logf("\n%s", sum.Text(false))
}

// Text that only some JSON readers accept is found here, and affects only itself.
func TestSendsNothingButJSON(t *testing.T) {
	r := newReceiver(t)
	cfg, _ := config(r.URL)
	var rejects strings.Builder
	cfg.Rejects = &rejects
	odd := strings.Replace(spanLine("odd"), "shop", "sh\x01op", 1)
	sum := run(t, piped(cfg, spanLine("a")+"\n"+odd+"\n"+spanLine("b")+"\n["+spanLine("c")+`,{"resourceSpans":7}]`))
	assert.Equal(t, []string{"a", "b", "c"}, r.got())
	assert.Equal(t, 2, sum.Broken)
	assert.Equal(t, 1, sum.Requests)
	assert.Equal(t, odd+"\n"+`{"resourceSpans":7}`+"\n", rejects.String())
}

func TestBatchesHaveBounds(t *testing.T) {
	r := newReceiver(t)
	cfg, _ := config(r.URL)
	cfg.Items = 7
	sum := run(t, piped(cfg, spanLines(0, 50)))
	assert.Equal(t, 8, sum.Requests)
	assert.Equal(t, wanted(0, 50), r.got())

	r = newReceiver(t)
	cfg, _ = config(r.URL)
	cfg.Bytes = 2000
	cfg.Gzip = false
	long := spanLine(strings.Repeat("x", 5000))
	sum = run(t, piped(cfg, spanLines(0, 50)+long+"\n"+spanLines(50, 60)))
	assert.Len(t, r.got(), 61)
	for _, body := range r.bodies {
		assert.True(t, len(body) <= 2000 || len(body) < len(long)+50, "%d", len(body))
	}
	assert.Equal(t, sum.Bytes, sum.BytesSent)
}

func TestALiveInputDoesNotWaitForMore(t *testing.T) {
	r := newReceiver(t)
	cfg, _ := config(r.URL)
	in, out := io.Pipe()
	cfg.Files, cfg.Pipe, cfg.Live = []string{inputs.Stdin}, in, true
	done := make(chan Summary)
	go func() {
		sum, err := Run(context.Background(), cfg)
		assert.NoError(t, err)
		done <- sum
	}()
	fmt.Fprint(out, spanLines(0, 2))
	require.Eventually(t, func() bool { return len(r.got()) == 2 }, time.Minute, time.Millisecond)
	fmt.Fprint(out, spanLines(2, 3))
	out.Close()
	assert.Equal(t, 3, (<-done).Spans.Sent)
}

// Stop ends a run even if the pipe has nothing more.
func TestStopEndsAPipe(t *testing.T) {
	r := newReceiver(t)
	cfg, _ := config(r.URL)
	in, out := io.Pipe()
	stop := make(chan struct{})
	cfg.Files, cfg.Pipe, cfg.Live, cfg.Stop, cfg.Flush = []string{inputs.Stdin}, in, true, stop, time.Hour
	done := make(chan error)
	var sum Summary
	go func() {
		var err error
		sum, err = Run(context.Background(), cfg)
		done <- err
	}()
	fmt.Fprint(out, spanLines(0, 2))
	fmt.Fprint(out, "one more, so that the two are with the batch\n")
	close(stop)
	assert.ErrorIs(t, <-done, ErrStopped)
	assert.Equal(t, len(r.got()), sum.Spans.Sent)
}

// Stop ends a run even if the pipe never had anything.
func TestStopEndsASilentPipe(t *testing.T) {
	cfg, _ := config(newReceiver(t).URL, inputs.Stdin)
	silent, w := io.Pipe()
	defer w.Close()
	stop := make(chan struct{})
	close(stop)
	cfg.Pipe, cfg.Live, cfg.Stop = silent, true, stop
	done := make(chan error, 1)
	go func() {
		_, err := Run(context.Background(), cfg)
		done <- err
	}()
	select {
	case err := <-done:
		assert.ErrorIs(t, err, ErrStopped)
	case <-time.After(patience):
		t.Fatal("it goes on")
	}
}

// A run that is stopped when everything was read, while it waits for the receiver, has come to the end.
func TestKnowsWhetherAllWasRead(t *testing.T) {
	for _, stopped := range []bool{false, true} {
		cfg, _ := config("http://receiver.test")
		reading, stop := context.WithCancel(t.Context())
		items := make(chan item, 1)
		items <- item{counts: Counts{Lines: 1}}
		if !stopped {
			close(items)
		}
		whole := false
		batches := collect(t.Context(), reading, &cfg, items, new(atomic.Int64), &whole)
		<-batches
		if stopped {
			stop()
		}
		_, more := <-batches
		stop() // while the receiver has not answered yet
		assert.False(t, more)
		assert.Equal(t, !stopped, whole)
	}
}

func TestDryRunSendsNothing(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "lines", "state")
	writeFile(t, paths[0], spanLines(0, 10))
	cfg, _ := config(r.URL, paths[0])
	cfg.DryRun, cfg.Checkpoint = true, paths[1]
	sum := run(t, cfg)
	assert.Empty(t, r.got())
	assert.Equal(t, 10, sum.Spans.Sent)
	assert.Contains(t, sum.Text(true), "10 would be sent")
	assert.NoFileExists(t, paths[1])
}

func TestLogRecordsMayBeLeftOut(t *testing.T) {
	r := newReceiver(t)
	cfg, _ := config(r.URL)
	cfg.NoLogs = true
	sum := run(t, piped(cfg, otlpLog+"\n"+spanLine("a")))
	assert.Equal(t, []string{"a"}, r.got())
	assert.Equal(t, Delivery{Skipped: 2}, sum.Logs)
	assert.True(t, sum.Complete())
}

// Jaeger accepts only spans: the log records are reported, and the spans arrive.
func TestAReceiverWithoutLogs(t *testing.T) {
	r := newReceiverWithoutLogs(t)
	cfg, notes := config(r.URL)
	cfg.Items = 2
	sum := run(t, piped(cfg, strings.Repeat(otlpLog+"\n"+spanLine("a")+"\n", 5)))
	assert.Len(t, r.got(), 5)
	assert.Equal(t, Delivery{Refused: 10}, sum.Logs)
	assert.Equal(t, 6, sum.Requests, "it is asked once")
	assert.Equal(t, 1, strings.Count(notes.String(), "does not take log records (404 Not Found)"))
}

func TestUnreadableInputs(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "none", "bad.gz", "good")
	writeFile(t, paths[1], "\x1f\x8b\x08 no gzip")
	writeFile(t, paths[2], spanLines(0, 3))
	cfg, _ := config(r.URL, paths...)
	sum, err := Run(context.Background(), cfg)
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "bad.gz: ")
	assert.Equal(t, 3, sum.Spans.Sent, "the good one is sent all the same")
}
