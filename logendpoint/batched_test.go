package logendpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

var ctx = context.Background()

// newBatchedTo returns a Batched that writes to w and holds traces back.
func newBatchedTo(w io.Writer, config BatchConfig) *Batched {
	b := newBatched(endpointTo(w, Config{LineLimit: config.LineLimit}), config)
	_ = b.FlushDue(ctx)
	return b
}

// traceOf returns a trace of n spans, each with about size bytes of attributes.
func traceOf(id byte, n, size int) *trace.Batch {
	b := many(n)
	for i := range b.Spans {
		b.Spans[i].SpanContext.TraceID = trace.TraceID{0: id, 15: 1}
		b.Spans[i].Attributes = []trace.Attribute{trace.String("filler", strings.Repeat(string('a'+rune(id)%26), size))}
	}
	return b
}

// read returns the spans of lines by trace, and checks that no list of spans has spans of two traces.
func read(t *testing.T, lines []string) map[trace.TraceID][]trace.SpanData {
	t.Helper()
	all := map[trace.TraceID][]trace.SpanData{}
	for _, line := range lines {
		for _, list := range strings.Split(line, `"spans":[`)[1:] {
			ids := map[string]bool{}
			for _, id := range strings.Split(list, `{"traceId":"`)[1:] {
				ids[id[:32]] = true
			}
			require.Len(t, ids, 1, "a list of spans with several traces")
		}
		batches, err := otlp.Decode([]byte(line))
		require.NoError(t, err)
		for _, b := range batches {
			for _, d := range b.Spans {
				all[d.SpanContext.TraceID] = append(all[d.SpanContext.TraceID], d)
			}
		}
	}
	return all
}

func TestBatchedByCount(t *testing.T) {
	w := &writer{}
	b := newBatchedTo(w, BatchConfig{Traces: 3})
	for i := range byte(8) {
		require.NoError(t, b.Export(ctx, traceOf(i, 2, 10)))
		assert.Len(t, w.lines, int(i+1)/3)
	}
	s := b.Stats()
	assert.Equal(t, []any{uint64(2), uint64(12), 2, 4}, []any{s.Lines, s.Spans, s.HeldTraces, s.HeldSpans})
	require.NoError(t, b.Flush(ctx))
	require.NoError(t, b.Flush(ctx), "nothing is held any more")
	require.Len(t, w.lines, 3)
	assert.Equal(t, BatchedStats{Stats: Stats{Lines: 3, Bytes: size(w.lines), Spans: 16}}, b.Stats())

	plain := &writer{}
	e := endpointTo(plain)
	for i := range byte(8) {
		require.NoError(t, e.Export(ctx, traceOf(i, 2, 10)))
	}
	assert.Equal(t, read(t, plain.lines), read(t, w.lines), "the decoded spans are the same")
	assert.Less(t, size(w.lines), size(plain.lines))
	assert.Len(t, strings.Split(w.lines[0], `"resource":`), 2, "one resource for all")

	each := &writer{}
	b = newBatchedTo(each, BatchConfig{Traces: 1})
	for i := range byte(3) {
		require.NoError(t, b.Export(ctx, traceOf(i, 2, 10)))
	}
	assert.Equal(t, plain.lines[:3], each.lines)
}

// Nothing is held back if nobody calls FlushDue, as under fsthttp.Serve.
func TestBatchedHoldsNothingWithoutFlushDue(t *testing.T) {
	w := &writer{}
	b := newBatched(endpointTo(w))
	for i := range byte(3) {
		require.NoError(t, b.Export(ctx, traceOf(i, 2, 10)))
		require.Len(t, w.lines, int(i)+1)
	}
	require.NoError(t, b.FlushDue(ctx))
	require.NoError(t, b.Export(ctx, traceOf(3, 2, 10)))
	assert.Len(t, w.lines, 3)
	assert.Equal(t, 1, b.Stats().HeldTraces)
}

// A line is as full as its limit allows, and no fuller.
func TestBatchedByBytes(t *testing.T) {
	w := &writer{}
	b := newBatchedTo(w, BatchConfig{LineLimit: 4000, Traces: -1})
	want := map[trace.TraceID][]trace.SpanData{}
	for i := range byte(40) {
		one := traceOf(i, 1+int(i)%3, 100+int(i)*37%500)
		want[one.Spans[0].SpanContext.TraceID] = one.Spans
		require.NoError(t, b.Export(ctx, one))
	}
	require.NoError(t, b.Flush(ctx))
	assert.LessOrEqual(t, longest(w.lines), 4000)
	assert.Equal(t, want, read(t, w.lines))
	for i, line := range w.lines[:len(w.lines)-1] {
		next := w.lines[i+1][strings.Index(w.lines[i+1], `{"scope":`):]
		if end := strings.Index(next, `,{"scope":`); end >= 0 {
			next = next[:end]
		} else {
			next = strings.TrimSuffix(next, `]}]}`)
		}
		assert.Greater(t, len(line)+len(",")+len(next), 4000, "line %d has room for the first trace of the next", i)
	}
}

// A trace that is too long for a line is split, and is written after the line that was held back.
func TestBatchedLongTrace(t *testing.T) {
	for name, long := range map[string]*trace.Batch{"by bytes": traceOf(1, 12, 500), "by spans": traceOf(1, 100, 1), "one span": traceOf(1, 1, 9000)} {
		w := &writer{}
		b := newBatchedTo(w, BatchConfig{LineLimit: 4000})
		for _, one := range []*trace.Batch{traceOf(0, 1, 10), long, traceOf(2, 1, 10)} {
			require.NoError(t, b.Export(ctx, one))
		}
		assert.Equal(t, 1, b.Stats().HeldTraces, name)
		require.NoError(t, b.Flush(ctx))
		assert.LessOrEqual(t, longest(w.lines), 4000, name)
		got := read(t, w.lines)
		assert.Len(t, got[trace.TraceID{0: 1, 15: 1}], len(long.Spans), name)
		assert.Len(t, got, 3)
		assert.Contains(t, w.lines[0], `"traceId":"00000000000000000000000000000001"`, name)
		assert.NotContains(t, w.lines[0], `"traceId":"01000000000000000000000000000001"`, name)
		assert.Equal(t, uint64(len(long.Spans)+2), b.Stats().Spans, name)
	}
}

func TestBatchedByAge(t *testing.T) {
	w := &writer{}
	b := newBatchedTo(w, BatchConfig{Age: time.Hour})
	require.NoError(t, b.FlushDue(ctx), "nothing is held")
	require.NoError(t, b.Export(ctx, traceOf(0, 1, 10)))
	require.NoError(t, b.FlushDue(ctx))
	assert.Empty(t, w.lines, "too young")
	b.since = b.since.Add(-time.Hour)
	require.NoError(t, b.FlushDue(ctx))
	assert.Len(t, w.lines, 1)

	require.NoError(t, b.Export(ctx, traceOf(1, 1, 10)))
	b.since = b.since.Add(-time.Hour)
	require.NoError(t, b.Export(ctx, traceOf(2, 1, 10)))
	assert.Len(t, w.lines, 2, "the next trace notices it and is written with it")
	assert.Zero(t, b.Stats().HeldTraces)

	b = newBatchedTo(w, BatchConfig{Age: -1})
	require.NoError(t, b.Export(ctx, traceOf(3, 1, 10)))
	b.since = time.Time{}
	require.NoError(t, b.FlushDue(ctx))
	assert.Len(t, w.lines, 2, "any age will do")
}

func TestBatchedDefaults(t *testing.T) {
	b := newBatched(nil)
	assert.Equal(t, BatchConfig{Traces: 20, Age: 5 * time.Second}, b.config)
	w := &writer{}
	b = newBatchedTo(w, BatchConfig{LineLimit: -1, Traces: -1, Age: -1})
	for i := range byte(50) {
		require.NoError(t, b.Export(ctx, traceOf(i, 1, 1000)))
	}
	require.Empty(t, w.lines)
	require.NoError(t, b.Flush(ctx))
	require.Len(t, w.lines, 1, "no limit")
	assert.Greater(t, len(w.lines[0]), 50_000)
	require.NoError(t, b.Export(ctx, &trace.Batch{}))
	assert.Zero(t, b.Stats().HeldTraces)
}

// Traces that the host refuses are lost and counted, and the error is reported once.
func TestBatchedRefused(t *testing.T) {
	boom := errors.New("boom")
	w := &writer{fail: func(int, []byte) (int, error) { return 0, boom }}
	b := newBatchedTo(w, BatchConfig{Traces: 2})
	var errs []error
	for i := range byte(6) {
		errs = append(errs, b.Export(ctx, traceOf(i, 3, 10)))
	}
	assert.Equal(t, []error{nil, boom, nil, nil, nil, nil}, errs)
	assert.Equal(t, BatchedStats{Stats: Stats{DroppedSpans: 18}}, b.Stats())
	require.NoError(t, b.Export(ctx, traceOf(9, 1, 10)))
	assert.Equal(t, boom, b.Flush(ctx), "the caller of Flush gets the error")
}

// Two errors at once are both reported, one after the other.
func TestBatchedTwoErrors(t *testing.T) {
	w := &writer{fail: func(int, []byte) (int, error) { return 0, errHost }}
	b := newBatchedTo(w, BatchConfig{LineLimit: 1000})
	never := traceOf(1, 1, 10)
	never.Spans[0].Scope = &trace.Scope{Name: strings.Repeat("x", 1000)}
	var errs []error
	for range 4 {
		for _, one := range []*trace.Batch{traceOf(0, 1, 10), never} {
			if err := b.Export(ctx, one); err != nil {
				errs = append(errs, err)
			}
		}
	}
	assert.Equal(t, []error{errTooLarge, errHost}, errs)
	assert.Equal(t, Stats{DroppedSpans: 8}, b.Stats().Stats)
}

func TestBatchedBadName(t *testing.T) {
	b := OpenBatched("bad:name")
	assert.Error(t, b.Export(ctx, traceOf(0, 3, 10)))
	assert.NoError(t, b.Export(ctx, traceOf(0, 3, 10)), "reported once")
	assert.NoError(t, b.Flush(ctx))
	assert.Equal(t, BatchedStats{Stats: Stats{DroppedSpans: 6}}, b.Stats())
}

// Natively there is no log endpoint. The name still counts as that of a trace endpoint.
func TestOpenBatched(t *testing.T) {
	b := OpenBatched("batched_traces", BatchConfig{Traces: 1, LineLimit: 5000})
	assert.Equal(t, 5000, b.e.limit)
	assert.Equal(t, DefaultLineLimit, OpenBatched("batched_traces").e.limit)
	assert.Error(t, b.Export(ctx, traceOf(0, 1, 10)))
	_, err := OpenWriter("batched_traces").Write([]byte("log\n"))
	assert.ErrorIs(t, err, errShared)
}

// The resources of two providers that share an endpoint.
func TestBatchedResources(t *testing.T) {
	w := &writer{}
	b := newBatchedTo(w, BatchConfig{})
	other := traceOf(1, 1, 10)
	other.Resource = &trace.Resource{Attributes: []trace.Attribute{trace.String("service.name", "other")}}
	for _, one := range []*trace.Batch{traceOf(0, 1, 10), other, traceOf(2, 1, 10)} {
		require.NoError(t, b.Export(ctx, one))
	}
	require.NoError(t, b.Flush(ctx))
	batches, err := otlp.Decode([]byte(w.lines[0]))
	require.NoError(t, err)
	var names []string
	for _, b := range batches {
		name, _ := b.Resource.Attribute("service.name")
		names = append(names, fmt.Sprint(name.Str(), len(b.Spans)))
	}
	assert.Equal(t, []string{"shop1", "other1", "shop1"}, names)
}

func TestBatchedConcurrently(t *testing.T) {
	w := &writer{}
	b := newBatchedTo(w, BatchConfig{Traces: 7, LineLimit: 5000, Age: time.Nanosecond * 100})
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 50 {
				_ = b.Export(ctx, traceOf(byte(50*g+i), 1+i%9, 20*i))
				_ = b.FlushDue(ctx)
				_ = b.Stats()
				if i%10 == 0 {
					_ = b.Flush(ctx)
				}
			}
		}()
	}
	wg.Wait()
	require.NoError(t, b.Flush(ctx))
	assert.Len(t, read(t, w.lines), 200)
	assert.LessOrEqual(t, longest(w.lines), 5000)
	s := b.Stats()
	assert.Equal(t, []any{uint64(len(w.lines)), 0, uint64(0)}, []any{s.Lines, s.HeldSpans, s.DroppedSpans})
}

// An unusually long line leaves no memory behind, whichever method has written it.
func TestBatchedBufferNotKept(t *testing.T) {
	w := &writer{}
	b := newBatchedTo(w, BatchConfig{LineLimit: -1})
	require.NoError(t, b.Export(ctx, traceOf(1, 1, maxKeptBuffer)))
	require.Greater(t, cap(b.e.buf), maxKeptBuffer, "it is held")
	require.NoError(t, b.Flush(ctx))
	require.Zero(t, cap(b.e.buf))

	require.NoError(t, b.Export(ctx, traceOf(2, 1, 100)))
	require.NoError(t, b.Flush(ctx))
	require.NotZero(t, cap(b.e.buf), "an ordinary one is kept")
	require.LessOrEqual(t, cap(b.e.buf), maxKeptBuffer)

	b = newBatchedTo(w, BatchConfig{})
	require.NoError(t, b.Export(ctx, traceOf(3, 20, maxKeptBuffer/10)), "split")
	require.Zero(t, cap(b.e.buf))
}

// Holding traces back allocates nothing once the buffer of the line has grown.
func TestAllocBatched(t *testing.T) {
	w := &tally{}
	b := newBatchedTo(w, BatchConfig{})
	one := traceOf(0, 3, 100)
	allocs := testing.AllocsPerRun(1000, func() { _ = b.Export(ctx, one) })
	assert.Zero(t, allocs)
	assert.NotZero(t, w.lines)
}

type tally struct{ lines, bytes int }

func (d *tally) Write(p []byte) (int, error) {
	d.lines++
	d.bytes += len(p)
	return len(p), nil
}

// BenchmarkBatched measures a request's part of the export, with one trace to a line and with twenty.
func BenchmarkBatched(b *testing.B) {
	one := traceOf(0, 4, 60)
	for _, traces := range []int{1, 2, 5, 10, 20} {
		b.Run(fmt.Sprint(traces), func(b *testing.B) {
			w := &tally{}
			e := newBatchedTo(w, BatchConfig{LineLimit: 64_000, Traces: traces})
			b.ReportAllocs()
			for b.Loop() {
				_ = e.Export(ctx, one)
			}
			_ = e.Flush(ctx)
			b.ReportMetric(float64(w.lines)/float64(b.N), "lines/trace")
			b.ReportMetric(float64(w.bytes)/float64(b.N), "bytes/trace")
		})
	}
}

// FuzzBatched checks that, whatever traces come and whatever makes it write, the decoded lines are those of an endpoint that
// holds nothing back.
func FuzzBatched(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(seed, 1400*int(seed), int(seed)%7)
	}
	f.Fuzz(func(t *testing.T, seed uint64, limit, traces int) {
		r := rand.New(rand.NewPCG(seed, 3))
		held, plain := &writer{}, &writer{}
		limit = min(limit, 60_000)
		b := newBatchedTo(held, BatchConfig{LineLimit: limit, Traces: traces})
		e := endpointTo(plain, Config{LineLimit: limit})
		var shared *trace.Resource
		for i := range 1 + r.IntN(8) {
			one := randomBatch(r)
			for j := range one.Spans {
				d := &one.Spans[j]
				d.SpanContext.TraceID = trace.TraceID{0: byte(i), 15: 1}
				for k := range d.Links { // to the same trace, by which read distinguishes traces
					d.Links[k].SpanContext.TraceID = d.SpanContext.TraceID
				}
			}
			if shared != nil && r.IntN(3) > 0 {
				one.Resource = shared
			}
			shared = one.Resource
			_, _ = b.Export(ctx, one.Clone()), e.Export(ctx, one)
			switch r.IntN(10) {
			case 0:
				require.NoError(t, b.Flush(ctx))
			case 1:
				b.since = time.Time{} // makes the line old
				require.NoError(t, b.FlushDue(ctx))
			}
		}
		require.NoError(t, b.Flush(ctx))
		require.Equal(t, read(t, plain.lines), read(t, held.lines))
		require.LessOrEqual(t, len(held.lines), len(plain.lines))
		if limit > 0 {
			require.LessOrEqual(t, longest(held.lines), limit)
		}
		one, many := e.Stats(), b.Stats()
		require.Equal(t, BatchedStats{Stats: Stats{
			Lines: uint64(len(held.lines)), Bytes: size(held.lines), Spans: one.Spans, DroppedSpans: one.DroppedSpans, DroppedValues: one.DroppedValues,
		}}, many)
	})
}
