package collector

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
)

const someTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

// The Collector can read everything that the command encodes or passes on.
func TestShipToTheCollector(t *testing.T) {
	c := newCounter()
	url := startBoth(t, c)
	file := filepath.Join(t.TempDir(), "lines")
	text := strings.Join([]string{
		"a line of text",
		`{"trace_id":"` + someTrace + `","span_id":"0000000000000001","name":"compact","kind":"server","start_time_ms":1,"end_time_ms":2,"duration_ms":1,"status":"error","attributes":{"n":1,"f":2.5,"list":["a"]},"resource":{"service.name":"shop"}}`,
		`{"time":"2023-11-14T22:13:20Z","data":{"trace.trace_id":"` + someTrace + `","trace.span_id":"0000000000000002","name":"honeycomb","duration_ms":1}}`,
		`{"time":"2023-11-14T22:13:20Z","level":"WARN","msg":"slog","trace_id":"` + someTrace + `","span_id":"0000000000000001","n":3,"f":2.5,"b":true,"o":{"x":1}}`,
		`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"INFO","body":{"stringValue":"otlp"}}]}]}]}`,
		`otlp_logs :: {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"` + someTrace + `","spanId":"0000000000000003","name":"otlp"}]}]}]}`,
		`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"torn`,
	}, "\n")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	p := run(t, "ship", "-o", url, file)
	assert.Equal(t, 3, p.code, p.stderr)
	t.Logf("\n%s%s", p.stdout, p.stderr)
	assert.Equal(t, map[string]int{"compact": 1, "honeycomb": 1, "otlp": 1}, c.names)
	assert.Equal(t, map[string]int{"slog " + someTrace + " WARN": 1, "otlp  INFO": 1}, c.logs)
}

// Data that this command passes on and the Collector cannot read is refused. The lines around it arrive.
func TestShipWhatTheCollectorRefuses(t *testing.T) {
	c := newCounter()
	url := startBoth(t, c)
	dir := t.TempDir()
	file, rejects := filepath.Join(dir, "lines"), filepath.Join(dir, "rejects")
	good := func(i int) string {
		return fmt.Sprintf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%016x","name":"good"}]}]}]}`+"\n", someTrace, i)
	}
	bad := `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"` + someTrace + `","spanId":"00000000000000ff","name":"bad","attributes":[{"key":"b","value":{"bytesValue":"!!"}}]}]}]}]}` + "\n"
	text := ""
	for i := range 300 {
		text += good(i + 1000)
		if i == 100 || i == 250 {
			text += bad
		}
	}
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	p := run(t, "ship", "-o", url, "--rejects", rejects, file)
	t.Logf("\n%s%s", p.stdout, p.stderr)
	assert.Equal(t, 3, p.code)
	assert.Equal(t, map[string]int{"good": 300}, c.names)
	assert.Contains(t, p.stdout, "300 sent, 2 refused")
	written, err := os.ReadFile(rejects)
	require.NoError(t, err)
	assert.Equal(t, bad+bad, string(written))
}

// A pipeline that is full answers 503, and gets everything later. If it refuses data permanently, the command ends, and nothing
// is lost.
func TestShipToAFullCollector(t *testing.T) {
	c := newCounter()
	failures := 0
	c.fail = func() error {
		if failures++; failures%3 != 0 {
			return errors.New("full")
		}
		return nil
	}
	url := startBoth(t, c)
	dir := t.TempDir()
	file, state := filepath.Join(dir, "lines"), filepath.Join(dir, "state")
	_, spans := writeLines(t, file, 200_000)
	p := run(t, "ship", "-o", url, "-c", state, "--batch-bytes", "100kB", file)
	t.Logf("\n%s%s", p.stdout, p.stderr)
	assert.Zero(t, p.code)
	assert.Equal(t, spans, c.count())
	assert.Zero(t, c.duplicates())
	assert.Contains(t, p.stderr, "503 Service Unavailable")

	_, more := writeLines(t, file+".more", 200_000)
	c.fail = func() error { return consumererror.NewPermanent(errors.New("refused permanently")) }
	p = run(t, "ship", "-o", url, "-c", state, file+".more")
	assert.Equal(t, 1, p.code, p.stderr)
	assert.Contains(t, p.stderr, "refused permanently")
	c.fail = nil
	p = run(t, "ship", "-o", url, "-c", state, file+".more")
	assert.Zero(t, p.code, p.stderr)
	assert.Equal(t, spans+more, c.count())
}

// The command is killed at random times and restarted. All spans arrive, and each kill duplicates at most one batch.
func TestShipIsKilled(t *testing.T) {
	c := newCounter()
	c.fail = func() error { time.Sleep(2 * time.Millisecond); return nil }
	url := startBoth(t, c)
	dir := t.TempDir()
	file, state := filepath.Join(dir, "lines"), filepath.Join(dir, "state")
	lines, spans := writeLines(t, file, 4_000_000)
	const batch = 200
	args := []string{"ship", "-o", url, "-c", state, "--batch-items", fmt.Sprint(batch), file}
	kills := 0
	for {
		var out, errs bytes.Buffer
		before := c.count()
		cmd := start(t, &out, &errs, args...)
		for limit := before + rand.IntN(spans/12) + 1; c.count() < limit && cmd.ProcessState == nil; {
			time.Sleep(time.Millisecond)
			if c.count() == spans {
				break
			}
		}
		if c.count() == spans {
			require.NoError(t, cmd.Wait(), errs.String())
			break
		}
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		kills++
		require.Less(t, kills, 100)
	}
	assert.Equal(t, spans, c.count(), "nothing is lost")
	assert.Positive(t, kills)
	duplicates := c.duplicates()
	assert.LessOrEqual(t, duplicates, kills*batch)
	t.Logf("%d lines, %d spans; killed %d times: %d lost, %d came twice (%d to a batch)", lines, spans, kills, spans-c.count(), duplicates, batch)
}

// The command ships and views 100 MB in bounded memory.
func TestAHundredMegabytes(t *testing.T) {
	const (
		size  = 100_000_000
		bound = 256 << 20
	)
	c := newCounter()
	url := startBoth(t, c)
	dir := t.TempDir()
	file := filepath.Join(dir, "lines")
	lines, spans := writeLines(t, file, size)

	began := time.Now()
	p := run(t, "ship", "-o", url, "-c", filepath.Join(dir, "state"), file)
	took := time.Since(began)
	require.Zero(t, p.code, p.stderr)
	assert.Equal(t, spans, c.count())
	assert.Zero(t, c.duplicates())
	assert.Less(t, p.rss, int64(bound))
	t.Logf("ship: %d lines, %d spans, %d MB: at most %d MiB of memory, %s\n%s", lines, spans, size/1_000_000, p.rss>>20, took.Round(time.Millisecond), p.stdout)

	for _, args := range [][]string{
		{"view", "--summary", file},
		{"view", "--errors", "--rows", "2", file},
		{"view", "--html", filepath.Join(dir, "page.html"), file},
		{"view", "--raw", "--trace", "00", file},
	} {
		began := time.Now()
		p := run(t, args...)
		require.Zero(t, p.code, p.stderr)
		assert.Less(t, p.rss, int64(bound)*2)
		t.Logf("%s: at most %d MiB of memory, %s", strings.Join(args[:2], " "), p.rss>>20, time.Since(began).Round(time.Millisecond))
	}
}
