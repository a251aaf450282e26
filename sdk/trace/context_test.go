package trace_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

func TestStartWithoutParent(t *testing.T) {
	ctx := context.WithValue(background, t, 1)
	below, span := trace.Start(ctx, "name", trace.Int("a", 1))
	assert.Equal(t, ctx, below)
	assert.Nil(t, span)
	// A remote parent has no provider that could record a child.
	below, span = trace.StartWith(ctx, "name", trace.StartConfig{Parent: remote(t, "00-"+ids+"-01"), NewRoot: true})
	assert.Equal(t, ctx, below)
	assert.Nil(t, span)
}

func TestStart(t *testing.T) {
	f := newFixture(trace.Config{IDs: new(tracetest.IDs)})
	ctx, root := f.Start(context.WithValue(background, t, "beneath"), "root", trace.StartConfig{Kind: trace.SpanKindServer, Attributes: []trace.Attribute{trace.Int("a", 1)}})
	f.clock.Advance(time.Second)
	below, child := trace.Start(ctx, "child", trace.String("b", "c"))
	assert.Equal(t, "beneath", below.Value(t))
	assert.Same(t, child, trace.SpanFromContext(below))
	assert.Same(t, root, trace.SpanFromContext(ctx))
	assert.Same(t, child, trace.SpanFromContext(context.WithValue(below, t, 2)), "through contexts of others")
	f.clock.Advance(time.Second)
	scope := trace.Scope{Name: "library", Version: "1"}
	_, grandchild := trace.StartWith(below, "grandchild", trace.StartConfig{Scope: &scope, Links: []trace.Link{{SpanContext: root.SpanContext()}}})
	scope.Name = "changed"
	f.clock.Advance(time.Second)
	assert.True(t, grandchild.IsRecording())
	grandchild.End()
	assert.False(t, grandchild.IsRecording())
	child.End()
	f.clock.Advance(time.Second)
	root.End()

	sc := func(span byte) trace.SpanContext {
		return trace.SpanContext{TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: span}, TraceFlags: trace.FlagSampled}
	}
	want := []trace.SpanData{
		{SpanContext: sc(1), Name: "root", Kind: trace.SpanKindServer, Start: since(0), End: since(4 * time.Second),
			Attributes: []trace.Attribute{trace.Int("a", 1)}},
		{SpanContext: sc(2), ParentSpanID: trace.SpanID{7: 1}, Name: "child", Kind: trace.SpanKindInternal, Start: since(time.Second), End: since(3 * time.Second),
			Attributes: []trace.Attribute{trace.String("b", "c")}},
		{SpanContext: sc(3), ParentSpanID: trace.SpanID{7: 2}, Name: "grandchild", Kind: trace.SpanKindInternal, Start: since(2 * time.Second), End: since(3 * time.Second),
			Scope: &trace.Scope{Name: "library", Version: "1"}, Links: []trace.Link{{SpanContext: sc(1)}}},
	}
	require.Equal(t, want, f.exporter.Spans())
	assert.Equal(t, sc(2), child.SpanContext(), "it stays the same after End")
	b := f.exporter.Batches()[0]
	assert.Equal(t, "root", b.Root().Name)
	assert.Equal(t, "child", (&trace.Batch{Spans: b.Spans[1:]}).Root().Name, "the topmost span of a part of a trace")
	assert.Equal(t, "root", (&trace.Batch{Spans: []trace.SpanData{b.Spans[2], b.Spans[1], b.Spans[0]}}).Root().Name, "in any order")
	assert.Nil(t, (&trace.Batch{}).Root())
	assert.Nil(t, (&trace.Batch{Spans: []trace.SpanData{{SpanContext: trace.SpanContext{SpanID: trace.SpanID{1}}, ParentSpanID: trace.SpanID{1}}}}).Root())
}

// TestSpanBelowAnotherProviders checks that Start and StartWith use the provider of the parent. A provider's own Start makes a
// span of that provider, in the trace of the parent and with the parent's sampling decision.
func TestSpanBelowAnotherProviders(t *testing.T) {
	for _, sampled := range []bool{true, false} {
		one, two := newFixture(trace.Config{}), newFixture(trace.Config{IDs: won})
		if !sampled {
			one = newFixture(trace.Config{Sampler: trace.Never()})
		}
		one.clock.Advance(time.Hour) // each provider has a clock of its own
		ctx, root := one.start("root")
		below, span := two.Start(ctx, "two's", trace.StartConfig{Attributes: numbered(1)})
		two.clock.Advance(time.Second)
		_, child := trace.Start(below, "two's child")
		child.End()
		span.End()
		_, child = trace.Start(ctx, "child")
		child.End()
		root.End()
		_, alone := two.Start(ctx, "alone", trace.StartConfig{NewRoot: true})
		alone.End()
		assert.NotEqual(t, root.SpanContext().TraceID, alone.SpanContext().TraceID)
		if !sampled {
			assert.Empty(t, one.names())
			assert.Equal(t, []string{"alone"}, two.names())
			continue
		}
		assert.Equal(t, []string{"root child"}, one.names())
		require.Equal(t, []string{"two's two's child", "alone"}, two.names())
		b := two.exporter.Batches()[0]
		d := b.Root()
		assert.Equal(t, "two's", d.Name)
		assert.Equal(t, root.SpanContext().TraceID, d.SpanContext.TraceID)
		assert.Equal(t, root.SpanContext().SpanID, d.ParentSpanID)
		assert.False(t, d.ParentRemote)
		assert.Equal(t, numbered(1), d.Attributes)
		assert.Equal(t, []int64{since(0), since(time.Second)}, []int64{d.Start, d.End})
	}
}

func TestContextWithSpan(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx, root := f.start("root")
	_, other := f.start("other")

	moved := trace.ContextWithSpan(ctx, other)
	assert.Same(t, other, trace.SpanFromContext(moved))
	_, child := trace.Start(moved, "child of other")
	assert.Equal(t, other.SpanContext().TraceID, child.SpanContext().TraceID)
	child.End()

	hidden := trace.ContextWithSpan(ctx, nil)
	assert.Nil(t, trace.SpanFromContext(hidden))
	below, none := trace.Start(hidden, "not traced")
	assert.Nil(t, none)
	assert.Equal(t, hidden, below)
	assert.Same(t, root, trace.SpanFromContext(trace.ContextWithSpan(hidden, root)))
	assert.Equal(t, "v", trace.ContextWithSpan(context.WithValue(ctx, t, "v"), nil).Value(t))

	other.End()
	root.End()
	assert.Equal(t, []string{"other child of other", "root"}, f.names())
}

func TestContextsGoOnAsTheyWere(t *testing.T) {
	f := newFixture(trace.Config{})
	deadline := time.Now().Add(time.Hour)
	outer, cancel := context.WithDeadline(background, deadline)
	ctx, root := f.Start(outer, "root", trace.StartConfig{})
	below, child := trace.Start(ctx, "child")
	got, ok := below.Deadline()
	assert.True(t, ok)
	assert.Equal(t, deadline, got)
	assert.NoError(t, below.Err())
	cancel()
	assert.ErrorIs(t, below.Err(), context.Canceled)
	<-below.Done()
	_, after := trace.Start(below, "after")
	assert.True(t, after.IsRecording(), "a cancelled request is still recorded")
	after.End()
	child.End()
	root.End()
	assert.Equal(t, []string{"root child after"}, f.names())
}

func TestNewRoot(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx, root := f.start("root")
	parent := remote(t, "00-"+ids+"-01", "a=1")
	for _, config := range []trace.StartConfig{{NewRoot: true}, {NewRoot: true, Parent: parent, TrustParent: true}} {
		below, span := trace.StartWith(ctx, "new", config)
		sc := span.SpanContext()
		assert.NotEqual(t, root.SpanContext().TraceID, sc.TraceID)
		assert.NotEqual(t, parent.TraceID, sc.TraceID)
		assert.True(t, sc.TraceState.IsEmpty())
		_, child := trace.Start(below, "child")
		assert.Equal(t, sc.TraceID, child.SpanContext().TraceID)
		child.End()
		span.End()
	}
	root.End()
	assert.Equal(t, []string{"new child", "new child", "root"}, f.names())
	for _, b := range f.exporter.Batches() {
		assert.False(t, b.Spans[0].ParentSpanID.IsValid())
		assert.False(t, b.Spans[0].ParentRemote)
	}
}

func TestParent(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx, outer := f.start("outer")
	_, root := trace.StartWith(ctx, "root", trace.StartConfig{Parent: remote(t, "00-"+ids+"-03", "a=1,b=2")})
	root.End()
	d := f.only(t)
	assert.Equal(t, ids[:32], d.SpanContext.TraceID.String())
	assert.Equal(t, ids[33:], d.ParentSpanID.String())
	assert.True(t, d.ParentRemote)
	assert.False(t, d.SpanContext.Remote)
	assert.Equal(t, "a=1,b=2", d.SpanContext.TraceState.String())
	assert.Equal(t, trace.FlagSampled|trace.FlagRandom, d.SpanContext.TraceFlags)
	b := f.exporter.Batches()[0]
	assert.Equal(t, "root", b.Root().Name)
	b.Spans[0].ParentSpanID = b.Spans[0].SpanContext.SpanID
	assert.Equal(t, "root", b.Root().Name, "also where the other process has given its span the same id")

	// With an invalid Parent, the parent is the span that the context carries.
	for _, invalid := range []trace.SpanContext{{}, {TraceID: d.SpanContext.TraceID, Remote: true}, {SpanID: d.SpanContext.SpanID}} {
		_, child := f.Start(ctx, "child", trace.StartConfig{Parent: invalid, TrustParent: true})
		assert.Equal(t, outer.SpanContext().TraceID, child.SpanContext().TraceID)
		child.End()
		_, root := f.Start(background, "root", trace.StartConfig{Parent: invalid, TrustParent: true})
		root.End()
		batches := f.exporter.Batches()
		last := batches[len(batches)-1].Spans[0]
		assert.NotEqual(t, invalid.TraceID, last.SpanContext.TraceID)
		assert.False(t, last.ParentSpanID.IsValid() || last.ParentRemote)
	}
	outer.End()

	_, random := f.Start(background, "root", trace.StartConfig{Parent: remote(t, "00-"+ids+"-01")})
	assert.False(t, random.SpanContext().TraceFlags.IsRandom(), "the parent has not said that its trace id is random")
	random.End()

	local := remote(t, "00-"+ids+"-01")
	local.Remote = false
	_, root = f.Start(background, "of another tracer here", trace.StartConfig{Parent: local})
	root.End()
	last := f.exporter.Batches()[len(f.exporter.Batches())-1].Spans[0]
	assert.Equal(t, ids[33:], last.ParentSpanID.String())
	assert.False(t, last.ParentRemote)
}
