package logendpoint

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExportWholeLine(t *testing.T) {
	w := &writer{}
	e := endpointTo(w)
	require.NoError(t, export(e, batch(span(0, trace.String("http.request.method", "GET")), span(1))))
	require.Equal(t, []string{
		`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},` +
			`{"key":"cloud.region","value":{"stringValue":"EU"}}]},"scopeSpans":[{"scope":` +
			`{"name":"github.com/edgespan/edgespan","version":"` + trace.Version + `"},"spans":[` +
			`{"traceId":"01000000000000000000000000000000","spanId":"0100000000000000","flags":257,"name":"span 0","kind":2,` +
			`"startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000000500000",` +
			`"attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}}]},` +
			`{"traceId":"01000000000000000000000000000000","spanId":"0100000000000001","parentSpanId":"0100000000000000","flags":257,` +
			`"name":"span 1","kind":1,"startTimeUnixNano":"1700000000001000000","endTimeUnixNano":"1700000000001500000"}]}]}]}`,
	}, w.lines)
	assert.Equal(t, Stats{Lines: 1, Bytes: uint64(len(w.lines[0])), Spans: 2}, e.Stats())
}

func TestEmptyBatch(t *testing.T) {
	for _, f := range formats {
		w := &writer{}
		e := endpointTo(w, Config{Format: f.append()})
		require.NoError(t, export(e, batch()))
		assert.Zero(t, w.calls, f.name)
		assert.Zero(t, e.Stats(), f.name)
	}
}

func TestOneWritePerLine(t *testing.T) {
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			w := &writer{}
			e := endpointTo(w, Config{Format: f.append()})
			b := batch(span(0, trace.String("text", "a\nb\r\nc\u2028\u2029")), span(1), span(2))
			require.NoError(t, export(e, b))
			want := 1
			if f.perSpan {
				want = 3
			}
			require.Len(t, w.lines, want)
			require.Equal(t, want, w.calls)
			for _, line := range w.lines {
				require.Zero(t, newlines([]byte(line)))
				require.NotContains(t, line, "\r")
			}
			require.Equal(t, ids(b.Spans), ids(f.spans(t, w.lines)))
			assert.Equal(t, Stats{Lines: uint64(want), Bytes: size(w.lines), Spans: 3}, e.Stats())
		})
	}
}

func TestFormatOfOwn(t *testing.T) {
	for _, test := range []struct {
		text  string
		lines []string
	}{
		{"", nil},
		{"\n", nil},
		{"\n\n\n", nil},
		{"a", []string{"a"}},
		{"a\n", []string{"a"}},
		{"\na\n\nb\n", []string{"a", "b"}},
	} {
		w := &writer{}
		e := endpointTo(w, Config{Format: func(dst []byte, _ *trace.Batch) []byte { return append(dst, test.text...) }})
		require.NoError(t, export(e, batch(span(0))))
		assert.Equal(t, test.lines, w.lines, "%q", test.text)
		stats := e.Stats()
		assert.Equal(t, uint64(1), stats.Spans+stats.DroppedSpans)
		assert.Equal(t, test.lines != nil, stats.Spans == 1, "%q", test.text)
	}
}

// A line of several spans that has exactly the length of the limit is not too long.
func TestFormatAtTheLimit(t *testing.T) {
	w := &writer{}
	e := endpointTo(w, Config{LineLimit: 3, Format: func(dst []byte, _ *trace.Batch) []byte { return append(dst, "a\nabc\nb"...) }})
	require.NoError(t, export(e, batch(span(0))))
	assert.Equal(t, []string{"a", "abc", "b"}, w.lines)
	assert.Equal(t, Stats{Lines: 3, Bytes: 5, Spans: 1}, e.Stats())

	e = endpointTo(w, Config{LineLimit: 2, Format: func(dst []byte, _ *trace.Batch) []byte { return append(dst, "a\nabc\nb"...) }})
	require.Equal(t, errTooLarge, export(e, batch(span(0))), "by one byte")
	assert.Len(t, w.lines, 3)
}

// TestFormatOfManyLines checks that a span with several lines does not count as written if one of its lines is lost.
func TestFormatOfManyLines(t *testing.T) {
	w := &writer{fail: func(call int, p []byte) (int, error) {
		if call == 1 {
			return 0, errHost
		}
		return len(p), nil
	}}
	for text, lines := range map[string]uint64{"a\nb\nc": 2, "a\nb": 1} {
		w.calls = 0
		e := endpointTo(w, Config{Format: func(dst []byte, _ *trace.Batch) []byte { return append(dst, text...) }})
		require.Equal(t, errHost, export(e, batch(span(0))))
		assert.Equal(t, Stats{Lines: lines, Bytes: lines, DroppedSpans: 1}, e.Stats())
	}
}

// TestFormatThatPanics checks that the spans that were not written before a panic are lost and counted.
func TestFormatThatPanics(t *testing.T) {
	w, encoder := &writer{}, new(otlp.Encoder)
	e := endpointTo(w, Config{LineLimit: 2000, Format: func(dst []byte, b *trace.Batch) []byte {
		if len(w.lines) == 2 {
			panic("no format")
		}
		return encoder.Append(dst, b)
	}})
	b := many(200)
	assert.PanicsWithValue(t, "no format", func() { _ = export(e, b) })
	stats := e.Stats()
	assert.Equal(t, uint64(2), stats.Lines)
	assert.Positive(t, stats.Spans)
	assert.Equal(t, uint64(len(b.Spans)), stats.Spans+stats.DroppedSpans)

	w.lines = nil
	require.NoError(t, export(e, batch(span(0))), "the next trace is written")
}

func TestNames(t *testing.T) {
	for _, name := range []string{"otlp_logs", "stdout2", "Logs of the Shop", "ü", strings.Repeat("x", 300)} {
		assert.NoError(t, checkName(name), "%q", name)
	}
	for _, name := range []string{"", "a\nb", "\n", "a\rb", "logs:eu", ":", "stdout", "stderr"} {
		e := Open(name)
		require.NotNil(t, e, "%q", name)
		assert.ErrorContains(t, export(e, many(3)), `the name "`+name+`": it is empty, stdout or stderr, or has a newline or a colon`)
		assert.NoError(t, export(e, many(2)), "reported once")
		assert.Equal(t, Stats{DroppedSpans: 5}, e.Stats())
	}
}

// Outside of Compute there is no host that could take a line.
func TestOpenWithoutHost(t *testing.T) {
	e := Open("otlp_logs", Config{LineLimit: 1000})
	require.Error(t, export(e, many(3)))
	require.NoError(t, export(e, many(20)), "reported once")
	require.Equal(t, Stats{DroppedSpans: 23}, e.Stats())
	require.Nil(t, e.DetectResource(), "no attributes of the platform natively")
}

// Of several options of Open the first is used, and nil counts as none.
func TestOpenWithAnOption(t *testing.T) {
	called := 0
	format := func(dst []byte, _ *trace.Batch) []byte { called++; return append(dst, '{', '}') }
	require.Error(t, export(Open("otlp_logs", Config{Format: format}, Config{}), many(1)))
	assert.Equal(t, 1, called)
	require.Error(t, export(Open("otlp_logs", nil), many(1)))
}

// A provider works with an endpoint whose name is invalid, and reports that once.
func TestBadNameThroughProvider(t *testing.T) {
	var told []error
	e := Open("stdout")
	tp := trace.NewTracerProvider(trace.Config{Exporter: e, OnError: func(err error) { told = append(told, err) }})
	for range 100 {
		_, span := tp.Start(context.Background(), "request", trace.StartConfig{})
		span.End()
	}
	require.Equal(t, []error{checkName("stdout")}, told)
	require.Equal(t, uint64(100), e.Stats().DroppedSpans)
}

func TestErrorsOnceEach(t *testing.T) {
	errs := []error{errors.New("a"), errors.New("b"), nil, errors.New("a"), errors.New("c"), errors.New("b"), errors.New("d")}
	w := &writer{fail: func(call int, p []byte) (int, error) {
		if errs[call] != nil {
			return 0, errs[call]
		}
		return len(p), nil
	}}
	e := endpointTo(w)
	var told []string
	for range errs {
		if err := export(e, many(1)); err != nil {
			told = append(told, err.Error())
		}
	}
	require.Equal(t, []string{"a", "b", "c", "d"}, told)
	require.Equal(t, Stats{Lines: 1, Bytes: size(w.lines), Spans: 1, DroppedSpans: 6}, e.Stats())
}

// Errors whose texts always differ are all reported, and do not use more and more memory.
func TestErrorsWithoutEnd(t *testing.T) {
	n := 0
	w := &writer{fail: func(call int, _ []byte) (int, error) {
		n = call
		return 0, errors.New(strings.Repeat("x", call))
	}}
	e := endpointTo(w)
	w.calls = 1
	for range 1000 {
		require.Error(t, export(e, many(1)))
	}
	require.Equal(t, 1000, n)
}

func TestWriteThatFails(t *testing.T) {
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			w := &writer{fail: func(call int, p []byte) (int, error) {
				switch call % 4 {
				case 1:
					return 0, errHost
				case 3:
					return len(p) / 2, nil // a short write without an error
				}
				return len(p), nil
			}}
			e := endpointTo(w, Config{Format: f.append(), LineLimit: 2000})
			b := many(200)
			require.Equal(t, errHost, export(e, b), "the first error is returned")
			got := f.spans(t, w.lines)
			stats := e.Stats()
			assert.Equal(t, uint64(len(w.lines)), stats.Lines)
			assert.Equal(t, size(w.lines), stats.Bytes)
			assert.Equal(t, uint64(len(got)), stats.Spans)
			assert.Equal(t, uint64(len(b.Spans)-len(got)), stats.DroppedSpans)
			assert.Zero(t, stats.DroppedValues)
			assert.Less(t, len(w.lines), w.calls, "the lines after a failed one are written")
		})
	}
}

func TestShortWrite(t *testing.T) {
	w := &writer{fail: func(_ int, p []byte) (int, error) { return len(p) - 1, nil }}
	e := endpointTo(w)
	require.Equal(t, io.ErrShortWrite, export(e, many(2)))
	require.Equal(t, Stats{DroppedSpans: 2}, e.Stats())
	require.Equal(t, 1, w.calls, "the rest is not written as an event of its own")
}

func TestConcurrentExports(t *testing.T) {
	const workers, rounds = 8, 20
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			w := &writer{}
			e := endpointTo(w, Config{Format: f.append(), LineLimit: 1500})
			var wg sync.WaitGroup
			for worker := range workers {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for range rounds {
						b := many(1 + worker*3)
						for i := range b.Spans {
							b.Spans[i].SpanContext.TraceID = trace.TraceID{byte(worker + 1)}
						}
						assert.NoError(t, export(e, b))
						_ = e.Stats()
					}
				}()
			}
			wg.Wait()
			seen := map[trace.TraceID]int{}
			for _, line := range w.lines {
				b := f.decode(t, line)
				for i := range b.Spans {
					require.Equal(t, b.Spans[0].SpanContext.TraceID, b.Spans[i].SpanContext.TraceID, "a line is of one trace")
					seen[b.Spans[i].SpanContext.TraceID]++
				}
			}
			total := 0
			for worker := range workers {
				require.Equal(t, rounds*(1+worker*3), seen[trace.TraceID{byte(worker + 1)}])
				total += rounds * (1 + worker*3)
			}
			require.Equal(t, Stats{Lines: uint64(len(w.lines)), Bytes: size(w.lines), Spans: uint64(total)}, e.Stats())
		})
	}
}

func TestBufferNotKept(t *testing.T) {
	w := &writer{}
	e := endpointTo(w, Config{LineLimit: -1})
	require.NoError(t, export(e, batch(span(0, trace.String("text", strings.Repeat("x", 1<<20))))))
	require.Greater(t, len(w.lines[0]), 1<<20)
	require.Zero(t, cap(e.buf))
	require.Nil(t, e.part.Spans)

	require.NoError(t, export(e, many(3)))
	require.NotZero(t, cap(e.buf), "an ordinary one is kept")
	require.LessOrEqual(t, cap(e.buf), maxKeptBuffer)

	e = endpointTo(w)
	require.NoError(t, export(e, batch(span(0, trace.String("text", strings.Repeat("x", 1<<20))))), "shrunk")
	require.Zero(t, cap(e.buf))
	require.Nil(t, e.part.Spans, "the span's text is not kept")
}

type discard struct{ n int }

func (d *discard) Write(p []byte) (int, error) {
	d.n += len(p)
	return len(p), nil
}

func TestExportDoesNotAllocate(t *testing.T) {
	for _, f := range formats {
		for _, n := range []int{1, 5, 200} { // the last needs several lines
			e := endpointTo(&discard{}, Config{Format: f.append()})
			b := many(n)
			allocs := testing.AllocsPerRun(100, func() { _ = export(e, b) })
			assert.Zero(t, allocs, "%s, %d spans", f.name, n)
		}
	}
}

// A span that is too large is shortened in the batch. Nothing else of the batch is changed.
func TestOnlyTheLargeSpanIsChanged(t *testing.T) {
	big := strings.Repeat("x", 10_000)
	b := batch(span(0), span(1, trace.String("a", big), trace.Int("n", 1), trace.String("b", big)), span(2))
	b.Spans[1].Name = big
	b.Spans[1].Events = []trace.Event{{Name: "e", Attributes: []trace.Attribute{trace.String("a", big), trace.String("b", big)}}}
	b.Spans[1].Links = []trace.Link{{SpanContext: b.Spans[0].SpanContext, Attributes: []trace.Attribute{trace.String("a", big)}}}
	before := b.Clone()
	e := endpointTo(&writer{}, Config{LineLimit: 1000})
	require.NoError(t, export(e, b))
	require.NotZero(t, e.Stats().DroppedValues)
	require.NotEqual(t, before.Spans[1], b.Spans[1])
	before.Spans[1] = b.Spans[1]
	require.Equal(t, before, b)
}

func TestConfigDefaults(t *testing.T) {
	e := endpointTo(nil)
	assert.Equal(t, DefaultLineLimit, e.limit)
	assert.Nil(t, e.writePart, "otlp.Encoder")
	e = endpointTo(nil, Config{})
	assert.Equal(t, DefaultLineLimit, e.limit)
	e = endpointTo(nil, Config{LineLimit: 7}, Config{LineLimit: 8})
	assert.Equal(t, 7, e.limit)
	assert.Less(t, DefaultLineLimit, 16<<10)
}

// Two endpoints do not share an encoder.
func TestEndpointsShareNoEncoder(t *testing.T) {
	a, b := endpointTo(&discard{}), endpointTo(&discard{})
	var wg sync.WaitGroup
	for _, e := range []*Endpoint{a, b} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 100 {
				assert.NoError(t, export(e, many(10)))
			}
		}()
	}
	wg.Wait()
	require.Equal(t, a.Stats(), b.Stats())
}

func BenchmarkExport(b *testing.B) {
	one := batch(span(0, trace.String("http.request.method", "GET"), trace.String("url.path", "/"), trace.String("url.scheme", "https"),
		trace.Int("http.response.status_code", 200), trace.String("http.route", "/")))
	e := endpointTo(&discard{}, Config{Format: new(otlp.Encoder).Append})
	b.ReportAllocs()
	for b.Loop() {
		_ = export(e, one)
	}
}
