package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/otlphttp"
)

func TestTriesAgain(t *testing.T) {
	for _, status := range []int{429, 502, 503, 504} {
		r := newReceiver(t)
		failures := 3
		r.answer = func(w http.ResponseWriter, _ string, _ []byte) bool {
			if failures--; failures >= 0 {
				w.WriteHeader(status)
			}
			return failures >= 0
		}
		cfg, notes := config(r.URL)
		sum := run(t, piped(cfg, spanLines(0, 3)))
		assert.Equal(t, wanted(0, 3), r.got())
		assert.Equal(t, 3, sum.Retries)
		assert.Contains(t, notes.String(), fmt.Sprintf("%d %s; trying again for up to 10s", status, http.StatusText(status)))
		assert.Contains(t, notes.String(), "answers again")
	}
}

func TestTriesAgainWithoutAnAnswer(t *testing.T) {
	cfg, notes := config("http://receiver.test")
	n := 0
	cfg.Timeout = 10 * time.Millisecond
	cfg.Transport = otlphttp.TransportFunc(func(ctx context.Context, _ *otlphttp.Request) (otlphttp.Response, error) {
		switch n++; n {
		case 1:
			return otlphttp.Response{}, errors.New("connection refused")
		case 2:
			<-ctx.Done()
			return otlphttp.Response{}, ctx.Err()
		}
		return otlphttp.Response{Status: 200}, nil
	})
	sum := run(t, piped(cfg, spanLines(0, 1)))
	assert.Equal(t, 1, sum.Spans.Sent)
	assert.Equal(t, 2, sum.Retries)
	assert.Contains(t, notes.String(), "connection refused")
}

// Text of other programs must not control the terminal, wherever it is shown.
func TestWhatATransportSaysIsFitForATerminal(t *testing.T) {
	cfg, notes := config("http://receiver.test")
	cfg.RetryFor = 5 * time.Millisecond
	cfg.Traces.Headers = []otlphttp.Header{{Name: "Api-Key", Value: "s3cr3t\u009bkey"}}
	cfg.Transport = otlphttp.TransportFunc(func(context.Context, *otlphttp.Request) (otlphttp.Response, error) {
		return otlphttp.Response{}, errors.New("a proxy: \x1b[2J \u202e s3cr3t\u009bkey")
	})
	_, err := Run(context.Background(), piped(cfg, spanLines(0, 1)))
	require.ErrorContains(t, err, `a proxy: \x1b[2J \u202e REDACTED`)
	assert.Contains(t, notes.String(), `a proxy: \x1b[2J \u202e REDACTED`)
}

// Pauses double up to their limit. At least half of each is not random, and Retry-After is the minimum. The test's time advances
// when everybody waits.
func TestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		cfg, _ := config("http://receiver.test")
		cfg.Backoff, cfg.MaxBackoff, cfg.RetryFor = time.Second, 8*time.Second, time.Hour
		list := []otlphttp.Response{{Status: 503}, {Status: 503}, {Status: 503}, {Status: 503}, {Status: 503}, {Status: 429, RetryAfter: "20"},
			{Status: 503, RetryAfter: time.Now().Add(5 * time.Minute).UTC().Format(http.TimeFormat)}}
		give := answers(list...)
		cfg.Transport = otlphttp.TransportFunc(func(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
			at = append(at, time.Now())
			return give(ctx, r)
		})
		began := time.Now()
		run(t, piped(cfg, spanLines(0, 1)))
		require.Len(t, at, 8)
		for i, limit := range []time.Duration{1, 2, 4, 8, 8, 20} {
			d := at[i+1].Sub(at[i])
			assert.LessOrEqual(t, d, limit*time.Second)
			assert.GreaterOrEqual(t, d, limit*time.Second/2)
		}
		assert.Equal(t, 20*time.Second, at[6].Sub(at[5]))
		assert.Equal(t, began.Add(5*time.Minute).Unix(), at[7].Unix(), "a date")
	})
}

func TestGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, _ := config("http://receiver.test")
		cfg.Backoff, cfg.MaxBackoff, cfg.RetryFor = time.Second, 8*time.Second, time.Minute
		cfg.Transport = otlphttp.TransportFunc(func(context.Context, *otlphttp.Request) (otlphttp.Response, error) {
			return otlphttp.Response{Status: 503, Body: []byte(`{"message":"full"}`)}, nil
		})
		began := time.Now()
		sum, err := Run(t.Context(), piped(cfg, spanLines(0, 3)))
		assert.ErrorContains(t, err, "http://receiver.test/v1/traces: 503 Service Unavailable: full; gave up after ")
		assert.LessOrEqual(t, time.Since(began), time.Minute)
		assert.Equal(t, 3, sum.Unsent)
		assert.Zero(t, sum.Spans)
		assert.NotContains(t, err.Error(), "asks")

		cfg.Transport = answers(otlphttp.Response{Status: 503}, otlphttp.Response{Status: 503, RetryAfter: "3600"})
		_, err = Run(t.Context(), piped(cfg, spanLines(0, 3)))
		assert.ErrorContains(t, err, "gave up after 2 tries: the receiver asks to wait 1h0m0s, and --retry-for allows 1m0s")
	})
}

func TestStopEndsAPause(t *testing.T) {
	stop := make(chan struct{})
	cfg, _ := config("http://receiver.test")
	cfg.Backoff, cfg.Stop = time.Hour, stop
	cfg.RetryFor = 0
	cfg.Transport = otlphttp.TransportFunc(func(context.Context, *otlphttp.Request) (otlphttp.Response, error) {
		close(stop)
		return otlphttp.Response{Status: 503}, nil
	})
	_, err := Run(context.Background(), piped(cfg, spanLines(0, 3)))
	assert.ErrorIs(t, err, ErrStopped)
}

// Refused lines are found wherever they are, and the others arrive.
func TestFindsTheLinesThatAreRefused(t *testing.T) {
	for _, status := range []int{400, 422, 500} {
		r := newReceiver(t)
		r.answer = func(w http.ResponseWriter, _ string, body []byte) bool {
			bad := bytes.Contains(body, []byte("poison"))
			if bad {
				http.Error(w, `{"message":"poison is not taken"}`, status)
			}
			return bad
		}
		cfg, _ := config(r.URL)
		cfg.Items = 100
		var rejects strings.Builder
		cfg.Rejects = &rejects
		poison := spanLine("poison") + "\n"
		sum := run(t, piped(cfg, poison+spanLines(0, 150)+poison+poison+spanLines(150, 200)))
		assert.Equal(t, wanted(0, 200), r.got())
		assert.Equal(t, Delivery{Sent: 200, Refused: 3}, sum.Spans)
		assert.Equal(t, strings.Repeat(poison, 3), rejects.String())
		assert.Equal(t, []string{fmt.Sprintf("%d %s: poison is not taken", status, http.StatusText(status))}, sum.Messages)
		assert.False(t, sum.Complete())
		assert.Less(t, sum.Requests, 40)
	}
}

func TestBodiesShrinkToWhatIsTaken(t *testing.T) {
	r := newReceiver(t)
	r.answer = func(w http.ResponseWriter, _ string, body []byte) bool {
		if len(body) > 100_000 {
			w.WriteHeader(413)
		}
		return len(body) > 100_000
	}
	cfg, _ := config(r.URL)
	sum := run(t, piped(cfg, spanLines(0, 4000)))
	assert.Equal(t, wanted(0, 4000), r.got())
	assert.Equal(t, Delivery{Sent: 4000}, sum.Spans)
	t.Logf("%d requests for %s", sum.Requests, Size(sum.Bytes))
}

func TestRefusedByAll(t *testing.T) {
	paths := inFolder(t, "lines", "state")
	writeFile(t, paths[0], spanLines(0, 1000))
	r := newReceiver(t)
	r.answer = func(w http.ResponseWriter, _ string, _ []byte) bool { w.WriteHeader(500); return true }
	cfg, _ := config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	sum, err := Run(context.Background(), cfg)
	assert.ErrorContains(t, err, "refused 51 lines in a row, so the fault is probably not in the lines: 500 Internal Server Error")
	assert.Equal(t, 1000, sum.Spans.Refused+sum.Unsent)
	r.answer = nil
	assert.Equal(t, 1000, run(t, cfg).Spans.Sent, "the checkpoint stands before them")
}

func TestStopsWhereNoRequestWouldBeTaken(t *testing.T) {
	for _, c := range []struct {
		response otlphttp.Response
		want     string
	}{
		{otlphttp.Response{Status: 401, Body: []byte(`{"message":"bad key s3cr3t-key in ?key=s3cr3t-too"}`)}, "401 Unauthorized: bad key REDACTED in ?key=REDACTED; check the credentials (--header or OTEL_EXPORTER_OTLP_HEADERS)"},
		{otlphttp.Response{Status: 403}, "403 Forbidden; check the credentials (--header or OTEL_EXPORTER_OTLP_HEADERS)"},
		{otlphttp.Response{Status: 404}, "check --endpoint"},
		{otlphttp.Response{Status: 405}, "check --endpoint"},
		{otlphttp.Response{Status: 415}, "does not take OTLP/JSON"},
		{otlphttp.Response{Status: 308}, "redirects are not followed"},
		{otlphttp.Response{Status: 200, Body: []byte("<html>")}, "a page of HTML"},
	} {
		paths := inFolder(t, "lines", "state")
		writeFile(t, paths[0], spanLines(0, 10))
		cfg, notes := config("http://receiver.test", paths[0])
		cfg.Checkpoint = paths[1]
		cfg.Traces.URL += "?key=s3cr3t-too"
		cfg.Traces.Headers = []otlphttp.Header{{Name: "Api-Key", Value: "s3cr3t-key"}}
		cfg.Transport = answers(c.response)
		sum, err := Run(context.Background(), cfg)
		require.ErrorContains(t, err, c.want)
		assert.NotContains(t, err.Error()+notes.String(), "s3cr3t")
		assert.Equal(t, 1, sum.Requests)
		assert.Equal(t, 10, sum.Unsent)
		assert.Equal(t, 10, run(t, cfg).Spans.Sent, "nothing is lost")
	}
}

// A server that is not a receiver may answer 200 to everything. A real receiver may answer with words.
func TestWondersAtText(t *testing.T) {
	for _, c := range []struct {
		response otlphttp.Response
		want     string
	}{
		{otlphttp.Response{Status: 200, ContentType: "text/plain", Body: []byte("hello s3cr3t-key \x1b[31m " + strings.Repeat("é", 50))},
			`http://receiver.test/v1/traces answers 200 with text instead of OTLP: "hello REDACTED \x1b[31m ` + strings.Repeat("é", 19) +
				`…". The request counts as delivered; if this is not an OTLP receiver, correct --endpoint`},
		{otlphttp.Response{Status: 202, Body: []byte("OK\n")}, `answers 202 with text instead of OTLP: "OK". `},
		{otlphttp.Response{Status: 200}, ""},
		{otlphttp.Response{Status: 200, Body: []byte("{}")}, ""},
		{otlphttp.Response{Status: 200, ContentType: "application/x-protobuf", Body: []byte("\n\x02\b\x01")}, ""},
	} {
		paths := inFolder(t, "lines")
		writeFile(t, paths[0], spanLines(0, 10))
		cfg, notes := config("http://receiver.test", paths[0])
		cfg.Items = 2
		cfg.Traces.Headers = []otlphttp.Header{{Name: "Api-Key", Value: "s3cr3t-key"}}
		cfg.Transport = otlphttp.TransportFunc(func(context.Context, *otlphttp.Request) (otlphttp.Response, error) { return c.response, nil })
		sum, err := Run(context.Background(), cfg)
		require.NoError(t, err)
		assert.Equal(t, 10, sum.Spans.Sent)
		assert.Equal(t, 5, sum.Requests)
		if c.want == "" {
			assert.Empty(t, notes.String())
			continue
		}
		assert.Contains(t, notes.String(), c.want)
		assert.Equal(t, 1, strings.Count(notes.String(), "\n"), "once")
	}
}

func TestPartialSuccess(t *testing.T) {
	cfg, notes := config("http://receiver.test")
	cfg.Items = 10
	var rejects bytes.Buffer
	cfg.Rejects = &rejects
	partial := otlphttp.Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}`)}
	warning := otlphttp.Response{Status: 200, Body: []byte(`{"partialSuccess":{"errorMessage":"use gzip"}}`)}
	cfg.Transport = answers(partial, warning, partial)
	sum := run(t, piped(cfg, spanLines(0, 40)))
	assert.Equal(t, Delivery{Sent: 34, Rejected: 6, Unnamed: 6}, sum.Spans)
	assert.Equal(t, []string{"too old", "use gzip"}, sum.Messages)
	assert.False(t, sum.Complete())
	assert.Contains(t, sum.Text(false), "34 sent, 6 rejected")
	assert.Contains(t, sum.Text(false), "unnamed                6 of the rejected: ")
	told := "edgespan: http://receiver.test/v1/traces accepted a request but rejected 3 of its 10 spans, and did not say which: too old\n"
	assert.Equal(t, told+told, notes.String())
	assert.Empty(t, rejects.String(), "whoever sends a whole request again delivers the rest of it twice")

	cfg.Transport = answers(otlphttp.Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedLogRecords":1}}`)})
	sum = run(t, piped(cfg, otlpLog))
	assert.Equal(t, Delivery{Sent: 1, Rejected: 1, Unnamed: 1}, sum.Logs)
}

// If the whole request is rejected, it is known which items were.
func TestPartialSuccessOfNothing(t *testing.T) {
	cfg, notes := config("http://receiver.test")
	cfg.Items = 2
	var rejects bytes.Buffer
	cfg.Rejects = &rejects
	all := otlphttp.Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":2}}`)}
	more := otlphttp.Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":"1000","errorMessage":"no"}}`)}
	cfg.Transport = answers(all, otlphttp.Response{Status: 200}, more)
	sum := run(t, piped(cfg, spanLines(0, 5)))
	assert.Equal(t, Delivery{Sent: 2, Rejected: 3}, sum.Spans)
	assert.Equal(t, spanLines(0, 2)+spanLines(4, 5), rejects.String())
	assert.NotContains(t, sum.Text(false), "unnamed")
	assert.Equal(t, "edgespan: http://receiver.test/v1/traces accepted a request but rejected 2 of its 2 spans\n"+
		"edgespan: http://receiver.test/v1/traces accepted a request but rejected 1 of its 1 spans: no\n", notes.String())

	// Of an array, what was rejected is written to the rejects, and not what was accepted.
	rejects.Reset()
	cfg.Transport = answers(all)
	run(t, piped(cfg, "["+spanLine("a")+","+otlpLog+","+spanLine("b")+"]"))
	assert.Equal(t, spanLine("a")+"\n"+spanLine("b")+"\n", rejects.String())
}

// If a receiver rejects something of every request, a few are reported and all are counted.
func TestManyPartialSuccesses(t *testing.T) {
	cfg, notes := config("http://receiver.test")
	cfg.Items = 2
	cfg.Transport = otlphttp.TransportFunc(func(context.Context, *otlphttp.Request) (otlphttp.Response, error) {
		return otlphttp.Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":1}}`)}, nil
	})
	sum := run(t, piped(cfg, spanLines(0, 100)))
	assert.Equal(t, Delivery{Sent: 50, Rejected: 50, Unnamed: 50}, sum.Spans)
	assert.Equal(t, maxNotices, strings.Count(notes.String(), "\n"))
}

func TestErrorsThatDoNotPass(t *testing.T) {
	tls := newReceiver(t) // speaks plain HTTP
	cfg, _ := config(strings.Replace(tls.URL, "http:", "https:", 1))
	_, err := Run(context.Background(), piped(cfg, spanLines(0, 1)))
	assert.ErrorContains(t, err, "write http:// instead of https://")

	cfg, _ = config("http://localhost")
	cfg.Transport = otlphttp.TransportFunc(func(context.Context, *otlphttp.Request) (otlphttp.Response, error) {
		return otlphttp.Response{}, errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x00\x00\x06\x04"`)
	})
	_, err = Run(context.Background(), piped(cfg, spanLines(0, 1)))
	assert.ErrorContains(t, err, "4317")
}

func TestErrorsOfAnAddressSayWhatToLookAt(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}, "no such host; check --endpoint"},
		{&net.OpError{Op: "dial", Err: errors.New("connection refused")}, "refused; is the receiver running? See --endpoint; gave up after 1 try"},
		{&net.OpError{Op: "read", Err: errors.New("connection reset")}, "reset; gave up after 1 try"},
	} {
		cfg, _ := config("http://localhost")
		cfg.RetryFor = time.Nanosecond
		cfg.Transport = otlphttp.TransportFunc(func(context.Context, *otlphttp.Request) (otlphttp.Response, error) {
			return otlphttp.Response{}, c.err
		})
		_, err := Run(context.Background(), piped(cfg, spanLines(0, 1)))
		assert.ErrorContains(t, err, c.want)
	}
}

func TestMissing(t *testing.T) {
	s := Summary{Counts: Counts{Broken: 1, TooLong: 2, Foreign: 1}, Spans: Delivery{Rejected: 1000, Refused: 1}, Logs: Delivery{Rejected: 234}, Unsent: 3}
	assert.Equal(t, "1 broken line, 2 lines that are too long, 1 file without telemetry, 1,234 rejected items, 1 refused item, 3 unsent items", s.Missing())
	assert.Empty(t, new(Summary).Missing())
}
