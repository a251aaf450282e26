package trace_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

type otherKey struct{}

// TestContextsDoNotPileUp checks that a span's context does not contain the contexts of the spans above it, however deep the
// spans are.
func TestContextsDoNotPileUp(t *testing.T) {
	looks := 0
	tp := trace.NewTracerProvider(trace.Config{Exporter: tracetest.NewExporter()})
	tp.Bridge(func(*trace.Span, any) any { looks++; return nil })
	ctx, span := tp.Start(context.Background(), "root", trace.StartConfig{})
	for range 50 {
		ctx, _ = trace.Start(trace.ContextWithSpan(ctx, span), "deeper")
	}
	assert.Nil(t, ctx.Value(otherKey{}))
	assert.Equal(t, 1, looks)
}

func TestBridge(t *testing.T) {
	tp := trace.NewTracerProvider(trace.Config{Exporter: tracetest.NewExporter()})
	tp.Bridge(func(span *trace.Span, key any) any {
		if key == (otherKey{}) {
			return span
		}
		return nil
	})
	type beneath struct{}
	ctx, root := tp.Start(context.WithValue(context.Background(), beneath{}, 1), "root", trace.StartConfig{})
	assert.Same(t, root, ctx.Value(otherKey{}))
	assert.Equal(t, 1, ctx.Value(beneath{}))
	below, child := trace.Start(ctx, "child")
	assert.Same(t, child, below.Value(otherKey{}))
	assert.Same(t, root, trace.ContextWithSpan(below, root).Value(otherKey{}), "of a span that was put into a context")
	assert.Same(t, root, trace.SpanFromContext(trace.ContextWithSpan(below, root)))
	assert.Nil(t, trace.SpanFromContext(trace.ContextWithSpan(below, nil)))
	assert.Nil(t, ctx.Value("unknown"))

	plain := trace.NewTracerProvider(trace.Config{Exporter: tracetest.NewExporter()})
	ctx, _ = plain.Start(context.Background(), "root", trace.StartConfig{})
	assert.Nil(t, ctx.Value(otherKey{}), "without a bridge")

	var none *trace.TracerProvider
	assert.NotPanics(t, func() { none.Bridge(nil) })
	assert.Nil(t, trace.ContextWithSpan(context.Background(), new(trace.Span)).Value(otherKey{}), "of a span without a provider")
}
