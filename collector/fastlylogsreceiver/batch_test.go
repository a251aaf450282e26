package fastlylogsreceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/edgespan/edgespan/sdk/otlp"
)

func TestBadLines(t *testing.T) {
	whole := string(otlpLines(t, 1)[0])
	for _, line := range []string{
		"", "x", "[]", "null", "{", "{}", `{"a":1}`, whole[:len(whole)-1], whole + "}", whole + whole, whole + " x",
		`{"resourceMetrics":[]}`, `{"resourceSpans":7}`, `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"x"}]}]}]}`,
		`{"resourceLogs":{}}`, `{"time":"2026-11-22T22:16:06Z","data":7}`,
		`{"time":"2026-11-22T22:16:06Z","level":"INFO","msg":"a log","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7"}`,
	} {
		b := newBatch()
		assert.Error(t, b.add([]byte(line)), "%q", line)
		assert.Zero(t, b.traces.SpanCount()+b.logs.LogRecordCount()+b.traceLines+b.logLines, "%q", line)
	}
}

// Equal resources and scopes are merged, those that differ in any way are not, and no part of a line is lost.
func TestMerging(t *testing.T) {
	line := func(resource, scope, id string) string {
		return `{"resourceSpans":[{"resource":{` + resource + `},"scopeSpans":[{"scope":{` + scope + `},"spans":[{"spanId":"` + id + `","name":"n"}]}]}]}`
	}
	const a, b = `"attributes":[{"key":"k","value":{"stringValue":"1"}}]`, `"attributes":[{"key":"k","value":{"intValue":"1"}}]`
	batch := newBatch()
	for _, l := range []string{
		line(a, `"name":"s"`, "0000000000000001"),
		line(b, `"name":"s"`, "0000000000000002"), // the same text with another type
		line(a, `"name":"s"`, "0000000000000003"),
		line(a, `"name":"s","version":"2"`, "0000000000000004"),
		line(a+`,"droppedAttributesCount":1`, `"name":"s"`, "0000000000000005"),
	} {
		require.NoError(t, batch.add([]byte(l)))
	}
	var got []string
	for _, r := range batch.traces.ResourceSpans().All() {
		for _, s := range r.ScopeSpans().All() {
			ids := ""
			for _, span := range s.Spans().All() {
				ids += span.SpanID().String()[15:]
			}
			got = append(got, ids)
		}
	}
	assert.Equal(t, []string{"13", "4", "2", "5"}, got)
	first := batch.traces.ResourceSpans().At(0)
	value, _ := first.Resource().Attributes().Get("k")
	assert.Equal(t, "1", value.Str())
	assert.Equal(t, "s", first.ScopeSpans().At(0).Scope().Name())
}

// BenchmarkLine compares two decoders of OTLP lines. The receiver uses the Collector's own: it loses nothing, and is faster
// than sdk/otlp even before the result of that is converted to pdata.
func BenchmarkLine(b *testing.B) {
	for name, format := range formats {
		line := spanLines(b, 1, format)[0]
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			batch := newBatch()
			for i := 0; b.Loop(); i++ {
				if i%1000 == 0 {
					batch = newBatch() // as many lines as a body has
				}
				if err := batch.add(line); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	line := otlpLines(b, 1)[0]
	b.Run("otlp by ptrace alone", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		for b.Loop() {
			var u ptrace.JSONUnmarshaler
			if _, err := u.UnmarshalTraces(line); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("otlp by sdk/otlp, without the way to pdata", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := otlp.Decode(line); err != nil {
				b.Fatal(err)
			}
		}
	})
}
