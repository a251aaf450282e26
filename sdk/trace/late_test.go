package trace_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// TestLateSpans checks that a span that outlives its root is exported by itself when it ends, if its trace was exported.
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
				assert.Equal(t, trace.Stats{SampledOutTraces: 2}, f.Stats())
			} else {
				assert.Equal(t, trace.Stats{ExportedSpans: 14}, f.Stats())
			}
		})
	}
}

// TestLateSpansForAnExporterThatAppends checks that each late span is a batch of its own, whose list has no room that the next
// one lies in.
func TestLateSpansForAnExporterThatAppends(t *testing.T) {
	var children []*trace.Span
	kept := tracetest.NewExporter()
	f := newFixture(trace.Config{
		Keep: trace.Keep{If: func(*trace.Batch) bool {
			for _, child := range children {
				child.End() // between the root's end and the verdict
			}
			return true
		}},
		Sampler: trace.Never(),
		Exporter: exporterFunc(func(ctx context.Context, b *trace.Batch) error {
			more := b.Spans[0]
			more.Name += " again"
			b.Spans = append(b.Spans, more)
			return kept.Export(ctx, b)
		}),
	})
	for range 2 { // the second trace has the storage of the first, and none of its spans
		ctx, root := f.start("root")
		children = nil
		for _, name := range []string{"a", "b", "c"} {
			_, child := trace.Start(ctx, name)
			children = append(children, child)
		}
		root.End()
		var names []string
		for _, d := range kept.Spans() {
			names = append(names, d.Name)
		}
		assert.Equal(t, []string{"root", "root again", "a", "a again", "b", "b again", "c", "c again"}, names)
		kept.Reset()
	}
}

// TestChildOfAnExportedTrace checks that such a child is a local trace of its own that continues from its parent.
func TestChildOfAnExportedTrace(t *testing.T) {
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

	// If the trace was not sampled, the rules are asked about the child, whatever they decided about the trace.
	for _, kept := range []bool{true, false} {
		f = newFixture(trace.Config{Sampler: trace.Never(), Keep: trace.Keep{If: func(b *trace.Batch) bool {
			v, _ := b.Root().Attribute("keep")
			return v.Bool()
		}}})
		ctx, root = f.start("root")
		root.SetAttributes(trace.Bool("keep", kept))
		root.End()
		for _, keep := range []bool{true, false} {
			_, child = trace.Start(ctx, "child", trace.Bool("keep", keep))
			child.End()
		}
		if kept {
			assert.Equal(t, []string{"root", "child"}, f.names())
			assert.Equal(t, trace.Stats{ExportedSpans: 2, SampledOutTraces: 1}, f.Stats())
		} else {
			assert.Equal(t, []string{"child"}, f.names())
			assert.Equal(t, trace.Stats{ExportedSpans: 1, SampledOutTraces: 2}, f.Stats())
		}
	}
}

// TestOpenSpans checks that the spans that are open when their root ends are counted on the root, and in Stats until they have
// ended.
func TestOpenSpans(t *testing.T) {
	f := newFixture(trace.Config{Limits: trace.Limits{Attributes: 1}})
	ctx, root := f.start("root")
	root.SetAttributes(trace.Int("a", 1))
	_, ended := trace.Start(ctx, "ended")
	ended.End()
	_, never := trace.Start(ctx, "never ended")
	_, late := trace.Start(ctx, "late")
	assert.Zero(t, f.Stats().OpenSpans)
	root.End()
	spans := f.exporter.Spans()
	require.Len(t, spans, 2)
	assert.Equal(t, []trace.Attribute{trace.Int("a", 1), trace.Int("edgespan.open_spans", 2)}, spans[0].Attributes)
	assert.Equal(t, uint64(2), f.Stats().OpenSpans)
	_, later := trace.Start(ctx, "started and ended after the root")
	assert.Equal(t, uint64(3), f.Stats().OpenSpans)
	later.End()
	late.End()
	late.End()
	assert.Equal(t, trace.Stats{ExportedSpans: 4, OpenSpans: 1}, f.Stats())
	never.End()
	assert.Equal(t, trace.Stats{ExportedSpans: 5}, f.Stats())
}

// TestSpanThatEndsDuringTheExport checks that such a span waits for the verdict and is then exported by itself.
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
		assert.Equal(t, trace.Stats{ExportedSpans: 2}, f.Stats())
	}
}

// TestLateSpansFromManyGoroutines checks that each span is exported once, in whatever order it and its root end.
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
	assert.Equal(t, uint64(len(seen)), f.Stats().ExportedSpans)
	for id, n := range seen {
		require.Equal(t, 1, n, id)
	}
}
