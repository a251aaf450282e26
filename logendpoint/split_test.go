package logendpoint

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSplitBySpans(t *testing.T) {
	t.Parallel()
	for _, f := range formats {
		for _, limit := range []int{700, 1000, 2000, 5000, 16_000, 100_000} {
			for _, n := range []int{1, 2, 10, 63, 64, 65, 200} {
				t.Run(fmt.Sprintf("%s %d spans in %d", f.name, n, limit), func(t *testing.T) {
					w := &writer{}
					e := endpointTo(w, Config{Format: f.append(), LineLimit: limit})
					b := many(n)
					require.NoError(t, export(e, b))
					got := f.spans(t, w.lines)
					require.Equal(t, ids(b.Spans), ids(got), "each once, in order")
					for i := range got {
						require.Equal(t, b.Spans[i].Name, got[i].Name)
						require.Len(t, got[i].Attributes, 2)
					}
					require.LessOrEqual(t, longest(w.lines), limit)
					require.Equal(t, Stats{Lines: uint64(len(w.lines)), Bytes: size(w.lines), Spans: uint64(n)}, e.Stats())
				})
			}
		}
	}
}

// Each line of a split trace has the resource.
func TestSplitLinesAreComplete(t *testing.T) {
	for _, f := range formats[:2] {
		w := &writer{}
		require.NoError(t, export(endpointTo(w, Config{Format: f.append(), LineLimit: 1000}), many(20)))
		require.Greater(t, len(w.lines), 3)
		for _, line := range w.lines {
			b := f.decode(t, line)
			require.NotNil(t, b.Resource)
			require.Equal(t, resource.Attributes, b.Resource.Attributes)
		}
	}
}

// A trace that fits into a line is one line, however many spans it has.
func TestNotSplitBelowLimit(t *testing.T) {
	for _, n := range []int{1, 64, 65, 100, 1000, 3000} {
		b := batch()
		for i := range n {
			b.Spans = append(b.Spans, span(i))
		}
		whole := len(new(otlp.Encoder).Append(nil, b))
		for _, limit := range []int{whole, whole + 1, 2 * whole, 1 << 30, -1} {
			w := &writer{}
			require.NoError(t, export(endpointTo(w, Config{LineLimit: limit}), b))
			require.Len(t, w.lines, 1, "%d spans of %d bytes, limit %d", n, whole, limit)
		}
		if n > 1 {
			w := &writer{}
			require.NoError(t, export(endpointTo(w, Config{LineLimit: whole - 1}), b))
			require.Greater(t, len(w.lines), 1)
		}
	}
}

func TestNoLimit(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	for _, f := range formats {
		w := &writer{}
		e := endpointTo(w, Config{Format: f.append(), LineLimit: -1})
		b := many(200)
		b.Spans[7].Attributes = append(b.Spans[7].Attributes, trace.String("big", big))
		require.NoError(t, export(e, b))
		got := f.spans(t, w.lines)
		require.Equal(t, ids(b.Spans), ids(got))
		v, ok := got[7].Attribute("big")
		require.True(t, ok)
		require.Len(t, v.Str(), len(big))
		require.Zero(t, e.Stats().DroppedValues)
		if !f.perSpan {
			require.Len(t, w.lines, 1)
		}
	}
}

// The work for a trace of thousands of spans grows in proportion to its size.
func TestTenThousandSpans(t *testing.T) {
	t.Parallel()
	const n = 10_000
	kinds := map[string]func(i int) trace.SpanData{
		"alike": func(i int) trace.SpanData { return span(i, trace.Int("i", i)) },
		"growing": func(i int) trace.SpanData {
			return span(i, trace.String("text", strings.Repeat("x", i/32)))
		},
		"every tenth large": func(i int) trace.SpanData {
			if i%10 == 0 {
				return span(i, trace.String("text", strings.Repeat("x", 9000)))
			}
			return span(i)
		},
		"some too large": func(i int) trace.SpanData {
			if i%500 == 499 {
				return span(i, trace.String("text", strings.Repeat("x", 40_000)))
			}
			return span(i)
		},
	}
	for name, make := range kinds {
		b := batch()
		for i := range n {
			b.Spans = append(b.Spans, make(i))
		}
		for _, f := range formats[:2] {
			if f.perSpan && strings.HasPrefix(name, "growing") {
				continue // a lot of text that shows nothing new
			}
			t.Run(name+" "+f.name, func(t *testing.T) {
				w := &writer{}
				c := &counting{format: f.append()}
				e := endpointTo(w, Config{Format: c.Append})
				require.NoError(t, export(e, b))
				require.Equal(t, ids(b.Spans), scanIDs(t, w.lines))
				require.LessOrEqual(t, longest(w.lines), DefaultLineLimit)
				require.Zero(t, e.Stats().DroppedSpans)

				written, tooLarge := int(size(w.lines)), int(e.Stats().DroppedValues)
				lines := len(w.lines)
				if f.perSpan {
					lines = written / DefaultLineLimit * 2 // the limit decides how many spans are encoded together
				}
				t.Logf("%d lines, %d kB; %d encodings, %d kB", len(w.lines), written>>10, c.calls, c.bytes>>10)
				assert.Less(t, c.calls, 5*lines+20*tooLarge+20)
				assert.Less(t, c.bytes, 5*written+20*tooLarge*41_000+200*DefaultLineLimit)
			})
		}
	}
}

// scanIDs returns the ids of the spans in lines of JSON, without decoding them.
func scanIDs(t *testing.T, lines []string) (list []string) {
	for _, line := range lines {
		require.True(t, json.Valid([]byte(line)))
		for _, key := range []string{`"spanId":"`, `"span_id":"`} {
			for _, rest := range strings.Split(line, key)[1:] {
				list = append(list, rest[:16])
			}
		}
	}
	return list
}

// Lines are filled well, and not with one span each.
func TestLinesAreFilled(t *testing.T) {
	w := &writer{}
	require.NoError(t, export(endpointTo(w), many(5000)))
	average := int(size(w.lines)) / len(w.lines)
	require.Greater(t, average, DefaultLineLimit*7/10)
}

// With a limit that is too small for any span, all spans are lost and an error is returned. Nothing is written incompletely.
func TestLimitTooSmallForAnything(t *testing.T) {
	for _, f := range formats {
		for _, limit := range []int{1, 2, 100} {
			w := &writer{}
			e := endpointTo(w, Config{Format: f.append(), LineLimit: limit})
			require.Equal(t, errTooLarge, export(e, many(10)))
			require.NoError(t, export(e, many(5)), "reported once")
			require.Empty(t, w.lines)
			stats := e.Stats()
			require.Equal(t, uint64(15), stats.DroppedSpans)
			require.Zero(t, stats.Lines+stats.Bytes+stats.Spans)
		}
	}
}

// If the resource alone is too large, the spans are lost. The next batch with another resource is written.
func TestResourceTooLarge(t *testing.T) {
	huge := trace.NewResource([]trace.Attribute{trace.String("text", strings.Repeat("x", 20_000))})
	for _, f := range formats[:2] {
		w := &writer{}
		c := &counting{format: f.append()}
		e := endpointTo(w, Config{Format: c.Append})
		b := many(3)
		b.Resource = huge
		require.Equal(t, errTooLarge, export(e, b))
		require.Empty(t, w.lines)
		require.Equal(t, uint64(3), e.Stats().DroppedSpans)

		require.NoError(t, export(e, many(3)))
		require.Len(t, f.spans(t, w.lines), 3)
		require.Equal(t, uint64(3), e.Stats().Spans)
		require.Less(t, c.calls, 30)
	}
}

func TestResourceNil(t *testing.T) {
	for _, f := range formats {
		w := &writer{}
		e := endpointTo(w, Config{Format: f.append(), LineLimit: 600})
		b := many(10)
		b.Resource = nil
		require.NoError(t, export(e, b))
		require.Equal(t, ids(b.Spans), ids(f.spans(t, w.lines)))
	}
}

// The neighbours of a span that is too large are written completely and in order.
func TestTooLargeAmongOthers(t *testing.T) {
	for _, f := range formats {
		for _, at := range []int{0, 1, 31, 63, 64, 98, 99} {
			w := &writer{}
			e := endpointTo(w, Config{Format: f.append(), LineLimit: 4000})
			b := many(100)
			b.Spans[at].Attributes = append(b.Spans[at].Attributes, trace.String("big", strings.Repeat("\x01", 5000)))
			require.NoError(t, export(e, b))
			got := f.spans(t, w.lines)
			require.Equal(t, ids(b.Spans), ids(got), "%s at %d", f.name, at)
			for i := range got {
				require.Len(t, got[i].Attributes, 2, "%s at %d: span %d", f.name, at, i)
			}
			require.Equal(t, uint32(1), got[at].DroppedAttributes)
			require.Equal(t, uint64(1), e.Stats().DroppedValues)
		}
	}
}

// The formats of this test get whole batches or parts of them, but never an empty one.
func TestFormatSeesNoEmptyBatch(t *testing.T) {
	w := &writer{}
	seen := 0
	e := endpointTo(w, Config{LineLimit: 1000, Format: func(dst []byte, b *trace.Batch) []byte {
		assert.NotEmpty(t, b.Spans)
		assert.Same(t, resource, b.Resource)
		seen++
		return compact.Append(dst, b)
	}})
	require.NoError(t, export(e, many(50)))
	require.NotZero(t, seen)
}
