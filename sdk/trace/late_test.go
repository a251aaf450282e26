package trace_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// TestLateSpans: a span that outlives its root is exported by itself when it ends, as its trace was.
func TestLateSpans(t *testing.T) {
	for _, tt := range []struct {
		name   string
		config trace.Config
		want   []string
	}{
		{"sampled", trace.Config{}, []string{"root early", "late", "later", "of the root", "of the late", "last"}},
		{"not sampled", trace.Config{Sampler: trace.Never()}, nil},
		{"kept", trace.Config{Sampler: trace.Never(), Keep: trace.Keep{Errors: true}}, []string{"root early", "late", "later", "of the root", "of the late", "last"}},
		{"not kept", trace.Config{Sampler: trace.Never(), Keep: trace.Keep{SlowerThan: 1 << 40}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(tt.config)
			for range 2 {
				ctx, root := f.start("root")
				_, early := trace.Start(ctx, "early", trace.Int("mark", 1))
				early.SetStatus(trace.StatusError, "")
				lateCtx, late := trace.Start(ctx, "late", trace.Int("mark", 2))
				_, later := trace.Start(ctx, "later", trace.Int("mark", 3))
				_, last := trace.Start(ctx, "last")
				early.End()
				root.End()
				root.End()
				late.SetAttributes(trace.Int("after", 1))
				late.End()
				late.End()
				later.End()
				_, child := trace.Start(ctx, "of the root")
				child.End()
				_, child = trace.Start(lateCtx, "of the late")
				child.End()
				child.End()
				last.End()
				root.End()
				require.Equal(t, tt.want, f.names())
				if tt.want != nil {
					spans := f.exporter.Spans()
					assert.Equal(t, []trace.Attribute{trace.Int("mark", 2), trace.Int("after", 1)}, spans[2].Attributes)
					for _, d := range spans[1:] {
						assert.Equal(t, root.SpanContext().TraceID, d.SpanContext.TraceID)
					}
					assert.Equal(t, root.SpanContext().SpanID, spans[4].ParentSpanID)
					assert.Equal(t, late.SpanContext().SpanID, spans[5].ParentSpanID)
				}
				f.exporter.Reset()
			}
			if tt.want == nil {
				assert.Equal(t, trace.Stats{TracesSampledOut: 2}, f.Stats())
			} else {
				assert.Equal(t, trace.Stats{SpansExported: 14}, f.Stats())
			}
		})
	}
}

// TestChildOfATraceThatHasGone is a local trace of its own, that goes on from the span it belongs to.
func TestChildOfATraceThatHasGone(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx, root := f.start("root")
	root.End()
	below, child := trace.Start(ctx, "child")
	_, grandchild := trace.Start(below, "grandchild")
	grandchild.End()
	assert.True(t, child.IsRecording())
	child.End()
	require.Equal(t, []string{"root", "child grandchild"}, f.names())
	spans := f.exporter.Spans()
	assert.Equal(t, root.SpanContext().TraceID, spans[1].SpanContext.TraceID)
	assert.Equal(t, root.SpanContext().SpanID, spans[1].ParentSpanID)
	assert.NotEqual(t, root.SpanContext().SpanID, spans[1].SpanContext.SpanID)
	assert.False(t, spans[1].ParentRemote)

	f = newFixture(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{Errors: true}})
	ctx, root = f.start("root")
	root.End()
	_, child = trace.Start(ctx, "child")
	assert.False(t, child.IsRecording())
	child.SetStatus(trace.StatusError, "")
	child.End()
	assert.Empty(t, f.names())
}

// TestSpanThatEndsDuringTheExport waits for the verdict, and is then exported by itself.
func TestSpanThatEndsDuringTheExport(t *testing.T) {
	for _, when := range []string{"rule", "export"} {
		var late *trace.Span
		var names []string
		end := func(now string) {
			if now == when {
				late.End()
				late.End()
			}
		}
		f := newFixture(trace.Config{
			Sampler: trace.Never(),
			Keep:    trace.Keep{If: func(*trace.Batch) bool { end("rule"); return true }},
			Exporter: exporterFunc(func(_ context.Context, b *trace.Batch) error {
				for i := range b.Spans {
					names = append(names, b.Spans[i].Name)
				}
				end("export")
				return nil
			}),
		})
		ctx, root := f.start("root")
		_, late = trace.Start(ctx, "late")
		root.End()
		assert.Equal(t, []string{"root", "late"}, names, when)
		assert.Equal(t, trace.Stats{SpansExported: 2}, f.Stats())
	}
}

// TestLateSpansFromManyGoroutines: each is exported once, however its end and the root's meet.
func TestLateSpansFromManyGoroutines(t *testing.T) {
	const traces, workers = 300, 4
	f := newFixture(trace.Config{})
	for range traces {
		ctx, root := f.start("root")
		var group sync.WaitGroup
		for range workers {
			below, child := trace.Start(ctx, "child")
			group.Add(1)
			go func() {
				defer group.Done()
				_, grandchild := trace.Start(below, "grandchild")
				child.End()
				grandchild.End()
				child.End()
			}()
		}
		root.End()
		group.Wait()
	}
	seen := map[trace.SpanID]int{}
	for _, d := range f.exporter.Spans() {
		seen[d.SpanContext.SpanID]++
	}
	assert.Len(t, seen, traces*(1+2*workers))
	assert.Equal(t, uint64(len(seen)), f.Stats().SpansExported)
	for id, n := range seen {
		require.Equal(t, 1, n, id)
	}
}
