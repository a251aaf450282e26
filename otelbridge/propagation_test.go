package otelbridge_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

const callersTraceparent = "00-00112233445566778899aabbccddeeff-0011223344556677-01"

func TestPropagatorReadsAndWrites(t *testing.T) {
	propagator := propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	in := propagation.HeaderCarrier{}
	in.Set("traceparent", callersTraceparent)
	in.Set("tracestate", "vendor=1,other=2")
	in.Set("baggage", "tenant=7")

	b := newBridged()
	ctx, o := b.tracer.Start(propagator.Extract(t.Context(), in), "otel")
	ctx, n := trace.Start(ctx, "native")
	out := propagation.HeaderCarrier(http.Header{})
	propagator.Inject(ctx, out)
	n.End()
	o.End()

	native := tracetest.Span(t, b.Spans(), "native")
	assert.Equal(t, native.SpanContext.Traceparent(), out.Get("traceparent"), "the innermost span's, which Edgespan has started")
	assert.Equal(t, "vendor=1,other=2", out.Get("tracestate"))
	assert.Equal(t, "tenant=7", out.Get("baggage"))
	assert.Equal(t, "7", baggage.FromContext(ctx).Member("tenant").Value())

	otel := tracetest.Span(t, b.Spans(), "otel")
	assert.Equal(t, "00112233445566778899aabbccddeeff", otel.SpanContext.TraceID.String())
	assert.Equal(t, "0011223344556677", otel.ParentSpanID.String())
	assert.True(t, otel.ParentRemote)
	assert.Equal(t, "vendor=1,other=2", otel.SpanContext.TraceState.String())
}

// Below Edgespan's middleware, a propagator finds the span without any call to the bridge.
func TestPropagatorFindsANativeSpan(t *testing.T) {
	b := newBridged()
	ctx, root := b.tp.Start(t.Context(), "root", trace.StartConfig{})
	out := propagation.HeaderCarrier{}
	propagation.TraceContext{}.Inject(ctx, out)
	assert.Equal(t, root.SpanContext().Traceparent(), out.Get("traceparent"))
}

func TestPropagatorPassesAnUnsampledTraceOn(t *testing.T) {
	b := newBridged(trace.Config{Sampler: trace.Never()})
	in := propagation.HeaderCarrier{}
	in.Set("traceparent", callersTraceparent)
	ctx, _ := b.tracer.Start(propagation.TraceContext{}.Extract(t.Context(), in), "one")
	out := propagation.HeaderCarrier{}
	propagation.TraceContext{}.Inject(ctx, out)
	assert.Regexp(t, "^00-00112233445566778899aabbccddeeff-[0-9a-f]{16}-00$", out.Get("traceparent"))
}
