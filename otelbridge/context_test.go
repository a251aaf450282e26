package otelbridge_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// Each program starts spans with both APIs. The test compares which span is whose child.
func TestParents(t *testing.T) {
	background := context.Background()
	tests := map[string]struct {
		program func(b *bridged)
		want    string
	}{
		"no span in the context": {func(b *bridged) {
			_, span := b.tracer.Start(background, "otel")
			span.End()
		}, "otel [internal]\n"},

		"a nil context": {func(b *bridged) {
			//lint:ignore SA1012 the test is about a nil context
			_, span := b.tracer.Start(nil, "otel")
			span.End()
		}, "otel [internal]\n"},

		"turn by turn": {func(b *bridged) {
			ctx, a := b.tp.Start(background, "native", trace.StartConfig{Kind: trace.SpanKindServer})
			ctx, o := b.tracer.Start(ctx, "otel")
			ctx, c := trace.Start(ctx, "native below")
			_, d := b.tracer.Start(ctx, "otel below")
			d.End()
			c.End()
			o.End()
			a.End()
		}, "native [server]\n  otel [internal]\n    native below [internal]\n      otel below [internal]\n"},

		"OpenTelemetry's span in a fresh context": {func(b *bridged) {
			_, o := b.tracer.Start(background, "otel")
			_, c := b.tracer.Start(oteltrace.ContextWithSpan(background, o), "child")
			c.End()
			o.End()
		}, "otel [internal]\n  child [internal]\n"},

		"OpenTelemetry's span put back over a younger one of either API": {func(b *bridged) {
			ctx, o := b.tracer.Start(background, "otel")
			ctx, n := trace.Start(ctx, "native")
			ctx, p := b.tracer.Start(ctx, "otel 2")
			_, c := b.tracer.Start(oteltrace.ContextWithSpan(ctx, o), "child")
			c.End()
			p.End()
			n.End()
			o.End()
		}, "otel [internal]\n  native [internal]\n    otel 2 [internal]\n  child [internal]\n"},

		"Edgespan's span put back over a younger one": {func(b *bridged) {
			ctx, n := b.tp.Start(background, "native", trace.StartConfig{})
			below, o := b.tracer.Start(ctx, "otel")
			_, c := b.tracer.Start(trace.ContextWithSpan(below, n), "child")
			c.End()
			o.End()
			n.End()
		}, "native [internal]\n  otel [internal]\n  child [internal]\n"},

		"a new root": {func(b *bridged) {
			ctx, n := b.tp.Start(background, "native", trace.StartConfig{})
			ctx, o := b.tracer.Start(ctx, "otel", oteltrace.WithNewRoot())
			_, c := trace.Start(ctx, "below")
			c.End()
			o.End()
			n.End()
		}, "native [internal]\notel [internal]\n  below [internal]\n"},

		"a remote parent": {func(b *bridged) {
			ctx, o := b.tracer.Start(oteltrace.ContextWithRemoteSpanContext(background, remote(1)), "otel")
			_, c := trace.Start(ctx, "below")
			c.End()
			o.End()
		}, "otel [internal] (remote parent)\n  below [internal]\n"},

		"a new root in spite of a remote parent": {func(b *bridged) {
			_, o := b.tracer.Start(oteltrace.ContextWithRemoteSpanContext(background, remote(1)), "otel", oteltrace.WithNewRoot())
			o.End()
		}, "otel [internal]\n"},

		"a remote parent above a native root": {func(b *bridged) {
			ctx, n := b.tp.Start(oteltrace.ContextWithRemoteSpanContext(background, remote(1)), "native", trace.StartConfig{})
			_, o := b.tracer.Start(ctx, "otel")
			o.End()
			n.End()
		}, "native [internal]\n  otel [internal]\n"},

		"a remote parent below a native root, where OpenTelemetry follows the later": {func(b *bridged) {
			ctx, n := b.tp.Start(background, "native", trace.StartConfig{})
			_, o := b.tracer.Start(oteltrace.ContextWithRemoteSpanContext(ctx, remote(1)), "otel")
			o.End()
			n.End()
		}, "native [internal]\notel [internal] (remote parent)\n"},

		"a noop span hides nothing": {func(b *bridged) {
			ctx, n := b.tp.Start(background, "native", trace.StartConfig{})
			_, o := b.tracer.Start(oteltrace.ContextWithSpan(ctx, noop.Span{}), "otel")
			o.End()
			n.End()
		}, "native [internal]\n  otel [internal]\n"},

		"a span of a provider without a bridge": {func(b *bridged) {
			other := trace.NewTracerProvider(trace.Config{Exporter: b.Exporter})
			ctx, n := other.Start(background, "native", trace.StartConfig{})
			ctx, o := b.tracer.Start(ctx, "otel")
			_, c := trace.Start(ctx, "below")
			_, d := b.tracer.Start(ctx, "otel below")
			d.End()
			c.End()
			o.End()
			n.End()
		}, "native [internal]\n  otel [internal]\n    below [internal]\n    otel below [internal]\n"},

		"by way of ContextFromOTel": {func(b *bridged) {
			_, o := b.tracer.Start(background, "otel")
			moved := oteltrace.ContextWithSpan(background, o)
			_, lost := trace.Start(moved, "lost")
			lost.End()
			_, c := trace.Start(otelbridge.ContextFromOTel(moved), "native")
			c.End()
			o.End()
		}, "otel [internal]\n  native [internal]\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBridged()
			b.clock.SetStep(1)
			test.program(b)
			assert.Equal(t, test.want, tracetest.Tree(b.Spans()))
		})
	}
}

// A library whose tracing is off puts a no-op span with its parent's span context into the context. A span below that belongs
// to the same local trace.
func TestBelowANoopSpan(t *testing.T) {
	b := newBridged()
	ctx, n := b.tp.Start(context.Background(), "native", trace.StartConfig{})
	ctx, _ = noop.NewTracerProvider().Tracer("").Start(ctx, "off")
	_, o := b.tracer.Start(ctx, "otel")
	o.End()
	assert.Empty(t, b.Spans(), "it leaves with its local trace")
	n.End()
	assert.Equal(t, "native [internal]\n  otel [internal]\n", tracetest.Tree(b.Spans()))
}

// OpenTelemetry's API, as libraries and propagators use it, finds the innermost span in a context.
func TestBothAPIsSeeOneSpan(t *testing.T) {
	b := newBridged()
	same := func(ctx context.Context, what string) {
		t.Helper()
		n, o := trace.SpanFromContext(ctx).SpanContext(), oteltrace.SpanContextFromContext(ctx)
		require.True(t, o.IsValid(), what)
		assert.Equal(t, n.SpanID.String(), o.SpanID().String(), what)
		assert.Equal(t, n.TraceID.String(), o.TraceID().String(), what)
	}
	ctx, root := b.tp.Start(context.Background(), "root", trace.StartConfig{})
	same(ctx, "a root that the middleware has started")
	ctx, o := b.tracer.Start(ctx, "otel")
	same(ctx, "a bridged span")
	assert.Equal(t, o, oteltrace.SpanFromContext(ctx))
	below, n := trace.Start(ctx, "native")
	same(below, "a native span below a bridged one")
	same(trace.ContextWithSpan(below, root), "a native span that was put there")
	type key struct{}
	same(context.WithValue(below, key{}, 1), "behind a value")

	oteltrace.SpanFromContext(below).SetAttributes()
	assert.Same(t, b.otel, oteltrace.SpanFromContext(below).TracerProvider())
	oteltrace.SpanFromContext(below).AddEvent("by a library that was not handed a span")
	n.End()
	o.End()
	root.End()
	tracetest.AssertEvent(t, tracetest.Span(t, b.Spans(), "native"), "by a library that was not handed a span")
}

func TestContextFromOTelLeavesOthers(t *testing.T) {
	b := newBridged()
	plain := context.Background()
	assert.Equal(t, plain, otelbridge.ContextFromOTel(plain))
	foreign := oteltrace.ContextWithRemoteSpanContext(plain, remote(1))
	assert.Equal(t, foreign, otelbridge.ContextFromOTel(foreign))
	ctx, _ := b.tracer.Start(plain, "otel")
	assert.Equal(t, ctx, otelbridge.ContextFromOTel(ctx))
}
