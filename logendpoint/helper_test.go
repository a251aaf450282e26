package logendpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

// writer keeps each Write separately.
type writer struct {
	mu    sync.Mutex
	lines []string
	fail  func(call int, p []byte) (int, error) // nil accepts everything
	calls int
}

func (w *writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	call := w.calls
	w.calls++
	if w.fail != nil {
		if n, err := w.fail(call, p); n < len(p) || err != nil {
			return n, err
		}
	}
	w.lines = append(w.lines, string(p))
	return len(p), nil
}

var _ io.Writer = (*writer)(nil)

// counting is a format that counts its calls and the bytes that it appends.
type counting struct {
	format       func(dst []byte, b *trace.Batch) []byte
	calls, bytes int
}

func (c *counting) Append(dst []byte, b *trace.Batch) []byte {
	n := len(dst)
	dst = c.format(dst, b)
	c.calls++
	c.bytes += len(dst) - n
	return dst
}

// format is a format that an endpoint can write, and how its lines are read.
type format struct {
	name    string
	append  func() func(dst []byte, b *trace.Batch) []byte
	read    func(line []byte) ([]trace.Batch, error)
	perSpan bool // a line for each span
}

var formats = []format{
	{"otlp", func() func(dst []byte, b *trace.Batch) []byte { return new(otlp.Encoder).Append }, otlp.Decode, false},
	{"compact", func() func(dst []byte, b *trace.Batch) []byte { return compact.Append }, readCompact, true},
	{"honeycomb", func() func(dst []byte, b *trace.Batch) []byte { return compact.AppendHoneycomb }, readCompact, true},
	{"bigquery", func() func(dst []byte, b *trace.Batch) []byte { return compact.AppendBigQuery }, readCompact, true},
}

func readCompact(line []byte) ([]trace.Batch, error) {
	b, err := compact.Decode(line)
	return []trace.Batch{b}, err
}

func (f format) decode(t testing.TB, line string) trace.Batch {
	t.Helper()
	require.True(t, json.Valid([]byte(line)), "not JSON: %.300q", line)
	require.NotContains(t, line, "\n")
	all, err := f.read([]byte(line))
	require.NoError(t, err, "%.300q", line)
	joined := trace.Batch{}
	for _, b := range all {
		joined.Resource = b.Resource
		joined.Spans = append(joined.Spans, b.Spans...)
	}
	return joined
}

// spans decodes the lines, and checks that each is complete by itself.
func (f format) spans(t testing.TB, lines []string) (all []trace.SpanData) {
	t.Helper()
	for _, line := range lines {
		b := f.decode(t, line)
		require.NotEmpty(t, b.Spans)
		if f.perSpan {
			require.Len(t, b.Spans, 1)
		}
		all = append(all, b.Spans...)
	}
	return all
}

// ids returns the ids of the spans, in their order.
func ids(spans []trace.SpanData) []string {
	list := make([]string, len(spans))
	for i := range spans {
		list[i] = spans[i].SpanContext.SpanID.String()
	}
	return list
}

func longest(lines []string) (n int) {
	for _, line := range lines {
		n = max(n, len(line))
	}
	return n
}

func size(lines []string) (n uint64) {
	for _, line := range lines {
		n += uint64(len(line))
	}
	return n
}

var resource = trace.NewResource([]trace.Attribute{trace.String("service.name", "shop"), trace.String("cloud.region", "EU")})

// span returns the i-th span of a trace.
func span(i int, attrs ...trace.Attribute) trace.SpanData {
	d := trace.SpanData{
		SpanContext:  trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: spanID(i), TraceFlags: trace.FlagSampled},
		ParentSpanID: spanID(0),
		Name:         fmt.Sprintf("span %d", i),
		Kind:         trace.SpanKindInternal,
		Start:        1_700_000_000_000_000_000 + int64(i)*1_000_000,
		End:          1_700_000_000_000_000_000 + int64(i)*1_000_000 + 500_000,
		Attributes:   attrs,
	}
	if i == 0 {
		d.ParentSpanID = trace.SpanID{}
		d.Kind = trace.SpanKindServer
	}
	return d
}

func spanID(i int) trace.SpanID {
	return trace.SpanID{1, 0, 0, 0, byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
}

func batch(spans ...trace.SpanData) *trace.Batch {
	return &trace.Batch{Resource: resource, Spans: spans}
}

// many returns a trace of n spans, each with a few attributes.
func many(n int) *trace.Batch {
	b := batch()
	for i := range n {
		b.Spans = append(b.Spans, span(i, trace.Int("i", i), trace.String("url.path", "/api/items/{id}")))
	}
	return b
}

func export(e *Endpoint, b *trace.Batch) error { return e.Export(context.Background(), b) }

var errHost = errors.New("host: no")

// newlines counts newlines.
func newlines(p []byte) int { return bytes.Count(p, newline) }

// endpointTo returns an endpoint that writes to w, or discards everything if w is nil.
func endpointTo(w io.Writer, config ...Option) *Endpoint {
	e := &Endpoint{limit: DefaultLineLimit}
	if w != nil {
		e.out = w.Write
	}
	if len(config) > 0 {
		config[0].apply(e)
	}
	return e
}
