package fastlylogsreceiver

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// lineExporter keeps one line per trace, made by an encoder that a service uses.
type lineExporter struct {
	format func(dst []byte, b *trace.Batch) []byte
	lines  [][]byte
}

func (e *lineExporter) Export(_ context.Context, b *trace.Batch) error {
	line := e.format(nil, b)
	e.lines = append(e.lines, bytes.TrimSpace(line))
	return nil
}

// formats are the encoders that services use.
var formats = map[string]func(dst []byte, b *trace.Batch) []byte{
	"otlp":      func(dst []byte, b *trace.Batch) []byte { return new(otlp.Encoder).Append(dst, b) },
	"compact":   compact.Append,
	"honeycomb": compact.AppendHoneycomb,
	"bigquery":  compact.AppendBigQuery,
}

// otlpLines and compactLines return n traces of one span each as lines.
func otlpLines(t testing.TB, n int) [][]byte    { return spanLines(t, n, formats["otlp"]) }
func compactLines(t testing.TB, n int) [][]byte { return spanLines(t, n, formats["compact"]) }

func spanLines(t testing.TB, n int, format func([]byte, *trace.Batch) []byte) [][]byte {
	e := &lineExporter{format: format}
	tp := trace.NewTracerProvider(trace.Config{
		Exporter: e,
		Resource: []trace.Attribute{trace.String("service.name", "shop"), trace.String("cloud.region", "EU")},
	})
	for i := range n {
		_, span := tp.Start(background, "GET /items", trace.StartConfig{Kind: trace.SpanKindServer})
		span.SetAttributes(trace.Int("i", i), trace.String("text", "\"{[\\\u2028\n"), trace.Strings("list", "a", "b"))
		span.End()
	}
	require.Len(t, e.lines, n)
	return e.lines
}

// logLines returns n records as lines of slogspan.
func logLines(t testing.TB, n int) [][]byte {
	var out bytes.Buffer
	logger := slog.New(slogspan.NewHandler(&out, slogspan.Config{}))
	for i := range n {
		logger.Info("cart is full", "items", i)
	}
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	require.Len(t, lines, n)
	return lines
}

func joinLines(lines [][]byte) []byte { return append(bytes.Join(lines, []byte("\n")), '\n') }

// array joins lines to a body in Fastly's JSON format 1.
func array(lines [][]byte) []byte {
	return []byte("[" + string(bytes.Join(lines, []byte(",\n"))) + "]")
}

// classic puts a prefix before each line, as Fastly's message types do: "classic" and "loggly" put different syslog headers
// there.
func classic(lines [][]byte) [][]byte {
	prefixes := []string{
		"<134>2026-11-22T22:16:06Z cache-fra1234 otlp_logs[12345]: ",
		"<134>1 2026-11-22T22:16:06Z cache-fra1234 otlp_logs - - [tag@41058 a=\"b\"] ",
		"2026-11-22T22:16:06Z ",
		"",
	}
	out := make([][]byte, len(lines))
	for i, line := range lines {
		out[i] = append([]byte(prefixes[i%len(prefixes)]), line...)
	}
	return out
}
