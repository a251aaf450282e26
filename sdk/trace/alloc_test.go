package trace_test

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// TestAllocations checks how many allocations a span may cost. The handles of a trace are allocated a few at a time, so it
// looks at the average.
func TestAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates on its own")
	}
	start := func(sampler trace.Sampler, keep trace.Keep) (*trace.TracerProvider, context.Context, *trace.Span) {
		tp := trace.NewTracerProvider(trace.Config{Exporter: discard, Sampler: sampler, Keep: keep})
		ctx, root := tp.Start(background, "root", trace.StartConfig{})
		return tp, ctx, root
	}
	always, sampledCtx, sampled := start(trace.Always(), trace.Keep{})
	never, unsampledCtx, unsampled := start(trace.Never(), trace.Keep{})
	ratio, _, _ := start(trace.Ratio(0.5), trace.Keep{})
	kept, _, _ := start(trace.Never(), trace.Keep{Errors: true})
	parent := trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagSampled}
	root := func(tp *trace.TracerProvider, config trace.StartConfig) func() {
		return func() {
			_, span := tp.Start(background, "root", config)
			span.SetAttributes(trace.String("a", "b"), trace.Int("c", 1), trace.Bool("d", true), trace.Float64("e", 1), trace.String("f", "g"))
			span.AddEvent("event", trace.Int("a", 1))
			span.SetStatus(trace.StatusError, "x")
			span.End()
		}
	}
	use := func(ctx context.Context, span *trace.Span) func() {
		return func() {
			span.SetAttributes(trace.String("a", "b"), trace.Int("c", 1))
			span.SetStatus(trace.StatusError, "x")
			span.SetName("name")
			_ = span.SpanContext()
			_ = span.IsRecording()
			_ = trace.SpanFromContext(ctx)
		}
	}
	var none *trace.Span
	for _, tt := range []struct {
		name string
		most float64
		f    func()
	}{
		{"sampled root", 1, root(always, trace.StartConfig{})},
		{"sampled root with a parent", 1, root(always, trace.StartConfig{Parent: parent})},
		{"unsampled root", 1, root(never, trace.StartConfig{})},
		{"unsampled root with a parent", 1, root(never, trace.StartConfig{Parent: parent})},
		{"root by ratio", 1, root(ratio, trace.StartConfig{})},
		{"root that a rule may keep", 1, root(kept, trace.StartConfig{})},
		{"root and nine children", 10, func() {
			ctx, span := always.Start(background, "root", trace.StartConfig{})
			for range 9 {
				_, child := trace.Start(ctx, "child", trace.String("a", "b"), trace.Int("c", 1))
				child.End()
			}
			span.End()
		}},
		{"root whose child outlives it", 5, func() { // whose storage is used again nevertheless
			ctx, span := always.Start(background, "root", trace.StartConfig{})
			_, child := trace.Start(ctx, "child", trace.String("a", "b"))
			span.End()
			child.End()
		}},
		{"child of an unsampled span", 0, func() {
			_, child := trace.Start(unsampledCtx, "child", trace.String("a", "b"))
			child.End()
		}},
		{"sampled span in use", 0, use(sampledCtx, sampled)},
		{"unsampled span in use", 0, use(unsampledCtx, unsampled)},
		{"nil", 0, func() {
			_, child := trace.Start(background, "child", trace.String("a", "b"), trace.Int("c", 1))
			child.End()
			useEverything(none)
		}},
		{"parsing a traceparent", 0, func() { _, _ = trace.ParseTraceparent("00-" + ids + "-01") }},
		{"parsing a traceparent that is none", 0, func() { _, _ = trace.ParseTraceparent("00-" + ids + "-0x") }},
	} {
		tt.f()
		assert.LessOrEqual(t, testing.AllocsPerRun(500, tt.f), tt.most, tt.name)
	}
}

// heap returns how many bytes of the heap are in use after garbage collection.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestStorageOfAHugeRequest checks that the memory of a huge request is not kept for later requests, which do not need it.
// Small requests take the storage out of the pool between the two rounds of garbage collection that empty it, so that the
// storage is still there when the heap is measured.
func TestStorageOfAHugeRequest(t *testing.T) {
	megabyte := func() string { return strings.Repeat("x", 1<<20) }
	for _, tt := range []struct {
		name string
		use  func(ctx context.Context, root *trace.Span)
	}{
		{"spans", func(ctx context.Context, _ *trace.Span) {
			for range 30_000 {
				_, span := trace.Start(ctx, "span")
				span.End()
			}
		}},
		{"attributes", func(ctx context.Context, _ *trace.Span) {
			attrs := numbered(800)
			for range 100 {
				_, span := trace.Start(ctx, "span", attrs...)
				span.End()
			}
		}},
		{"events", func(ctx context.Context, _ *trace.Span) {
			for range 100 {
				_, span := trace.Start(ctx, "span")
				for range 800 {
					span.AddEvent("event")
				}
				span.End()
			}
		}},
		{"long values", func(ctx context.Context, root *trace.Span) {
			for range 20 {
				_, span := trace.Start(ctx, "span", trace.String("a", megabyte()))
				span.AddEvent("event", trace.String("b", megabyte()))
				span.SetStatus(trace.StatusError, megabyte())
				span.End()
			}
		}},
		{"events and links", func(_ context.Context, root *trace.Span) {
			for range 20_000 {
				root.AddEvent("event")
				root.AddLink(trace.Link{SpanContext: root.SpanContext()})
			}
		}},
		{"long event names", func(ctx context.Context, _ *trace.Span) {
			for range 20 {
				_, span := trace.Start(ctx, "span")
				span.AddEvent(megabyte())
				span.End()
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tp := trace.NewTracerProvider(trace.Config{Exporter: discard, Limits: trace.Limits{Spans: -1, Attributes: -1, Events: -1, Links: -1}})
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // with one processor, the pool returns what was put into it
			before := heap()
			func() {
				ctx, root := tp.Start(background, "root", trace.StartConfig{})
				tt.use(ctx, root)
				root.End()
			}()
			var stats runtime.MemStats
			for range 3 {
				_, root := tp.Start(background, "root", trace.StartConfig{})
				root.End()
				runtime.GC()
			}
			runtime.ReadMemStats(&stats)
			assert.Less(t, int64(stats.HeapAlloc)-before, int64(2<<20))
			runtime.KeepAlive(tp)
		})
	}
}

// A request with a root that has five attributes and an event, and with children.
func BenchmarkRequest(b *testing.B) {
	tp := trace.NewTracerProvider(trace.Config{Exporter: discard})
	for _, bb := range []struct {
		name     string
		children int
	}{{"root", 0}, {"children=3", 3}, {"children=100", 100}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				ctx, root := tp.Start(background, "root", trace.StartConfig{})
				root.SetAttributes(trace.String("a", "b"), trace.Int("c", 1), trace.Bool("d", true), trace.Float64("e", 1), trace.String("f", "g"))
				root.AddEvent("event")
				for range bb.children {
					_, child := trace.Start(ctx, "child", trace.Int("c", 1))
					child.End()
				}
				root.End()
			}
		})
	}
}
