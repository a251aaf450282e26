package trace_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
)

// useEverything calls every method of a span.
func useEverything(s *trace.Span) {
	s.SetAttributes(trace.Int("a", 1))
	s.SetOutcome(trace.Int("b", 1))
	s.AddEvent("event", trace.Int("a", 1))
	s.AddEventAt(time.Now(), "event", trace.Int("a", 1))
	s.AddLink(trace.Link{SpanContext: s.SpanContext()})
	s.RecordError(errBoom, trace.Int("a", 1))
	s.RecordError(nil)
	s.SetStatus(trace.StatusError, "boom")
	s.SetName("name")
	s.SetKind(trace.SpanKindServer)
	s.IsRecording()
	s.EndAt(time.Now())
	s.End()
}

// TestSpanContextIsNotRemote checks that the context of a span is never remote, also that of a span that is not recorded and
// passes on its parent's ids.
func TestSpanContextIsNotRemote(t *testing.T) {
	for _, config := range []trace.Config{{}, {Exporter: discard, Sampler: trace.Never()}, {Exporter: discard}} {
		_, span := trace.NewTracerProvider(config).Start(background, "root", trace.StartConfig{Parent: remote(t, "00-"+ids+"-01")})
		assert.Equal(t, ids[:32], span.SpanContext().TraceID.String())
		assert.False(t, span.SpanContext().Remote)
	}
}

func TestNilSpan(t *testing.T) {
	for _, span := range []*trace.Span{nil, new(trace.Span)} {
		assert.NotPanics(t, func() { useEverything(span) })
		assert.False(t, span.IsRecording())
		assert.Equal(t, trace.SpanContext{}, span.SpanContext())
		assert.False(t, span.SpanContext().IsValid())
		ctx := trace.ContextWithSpan(background, span)
		below, child := trace.Start(ctx, "child")
		assert.Equal(t, ctx, below)
		assert.Nil(t, child)
	}
}

func TestNilProvider(t *testing.T) {
	ctx := context.WithValue(background, t, 1)
	for _, tp := range []*trace.TracerProvider{nil, {}} {
		below, span := tp.Start(ctx, "name", trace.StartConfig{Parent: remote(t, "00-"+ids+"-01")})
		assert.Equal(t, ctx, below)
		assert.Nil(t, span)
		assert.Nil(t, tp.Resource())
		assert.NoError(t, tp.Flush(ctx))
		assert.NoError(t, tp.Shutdown(ctx))
		assert.Equal(t, trace.Stats{}, tp.Stats())
		below, span = tp.StartRoot(ctx, "name", &trace.RootConfig{})
		assert.Equal(t, ctx, below)
		assert.Nil(t, span)
		assert.NotPanics(t, func() { tp.ReportError(errBoom) })
	}

	f := newFixture(trace.Config{})
	_, root := f.StartRoot(background, "root", nil)
	root.End()
	assert.Equal(t, trace.SpanKindInternal, f.only(t).Kind)

	var r *trace.Resource
	_, ok := r.Attribute("service.name")
	assert.False(t, ok)
}

// TestZeroConfig checks that a provider without an exporter records nothing and passes the trace context on.
func TestZeroConfig(t *testing.T) {
	tp := trace.NewTracerProvider(trace.Config{})
	ctx, root := tp.Start(background, "root", trace.StartConfig{})
	assert.False(t, root.IsRecording())
	assert.True(t, root.SpanContext().IsValid())
	assert.False(t, root.SpanContext().IsSampled())
	_, child := trace.Start(ctx, "child")
	assert.Equal(t, root.SpanContext(), child.SpanContext())
	useEverything(root)

	parent := remote(t, "00-"+ids+"-01", "a=1,ot=th:8")
	for _, trust := range []bool{true, false} {
		_, span := tp.Start(background, "root", trace.StartConfig{Parent: parent, TrustParent: trust})
		assert.Equal(t, parent.Traceparent(), span.SpanContext().Traceparent(), "as if it were not there")
		assert.Equal(t, parent.TraceState, span.SpanContext().TraceState)
		assert.False(t, span.IsRecording())
	}
	assert.Zero(t, tp.Stats(), "no sampler has decided anything")

	// A sampler or a keep rule does not change that.
	tp = trace.NewTracerProvider(trace.Config{Sampler: trace.Always(), Keep: trace.Keep{Errors: true}})
	_, root = tp.Start(background, "root", trace.StartConfig{})
	assert.False(t, root.IsRecording())
	assert.NoError(t, tp.Flush(background))
}

// TestBelowTheZeroSpan checks that the zero value of Span counts as no span, since it belongs to no provider.
func TestBelowTheZeroSpan(t *testing.T) {
	f := newFixture(trace.Config{})
	ctx := trace.ContextWithSpan(background, new(trace.Span))
	_, span := trace.Start(ctx, "child")
	assert.Nil(t, span)
	_, span = f.Start(ctx, "root", trace.StartConfig{})
	span.End()
	assert.Equal(t, "root", f.only(t).Name)
}

func TestNilContext(t *testing.T) {
	var none context.Context
	assert.Nil(t, trace.SpanFromContext(none))
	ctx, span := trace.Start(none, "name")
	assert.Nil(t, ctx)
	assert.Nil(t, span)

	f := newFixture(trace.Config{})
	ctx, span = f.Start(none, "root", trace.StartConfig{})
	assert.Same(t, span, trace.SpanFromContext(ctx))
	assert.NoError(t, ctx.Err())
	span.End()
	assert.Equal(t, "root", f.only(t).Name)
	assert.Same(t, span, trace.SpanFromContext(trace.ContextWithSpan(none, span)))
	assert.Nil(t, trace.SpanFromContext(trace.ContextWithSpan(none, nil)))
}
