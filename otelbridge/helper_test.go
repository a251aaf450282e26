package otelbridge_test

import (
	"context"
	"testing"

	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// bridged has a provider of each API on one exporter, with ids and times that are the same in each run.
type bridged struct {
	*tracetest.Exporter
	tp     *trace.TracerProvider
	otel   oteltrace.TracerProvider
	tracer oteltrace.Tracer
	clock  *tracetest.Clock
}

func newBridged(config ...trace.Config) *bridged {
	b := &bridged{Exporter: tracetest.NewExporter(), clock: tracetest.NewClock()}
	c := trace.Config{}
	if len(config) > 0 {
		c = config[0]
	}
	c.Exporter, c.IDs, c.Clock = b.Exporter, new(tracetest.IDs), b.clock.Now
	b.tp = trace.NewTracerProvider(c)
	b.otel = otelbridge.NewTracerProvider(b.tp)
	b.tracer = b.otel.Tracer("example.com/library", oteltrace.WithInstrumentationVersion("v1.2.3"))
	return b
}

// one starts a span, calls f with it, ends it, and returns it as it was exported.
func (b *bridged) one(t *testing.T, f func(span oteltrace.Span), options ...oteltrace.SpanStartOption) trace.SpanData {
	t.Helper()
	_, span := b.tracer.Start(context.Background(), "one", options...)
	f(span)
	span.End()
	return tracetest.Span(t, b.Spans(), "one")
}

// remote returns a span context as a propagator reads it from a request.
func remote(flags oteltrace.TraceFlags) oteltrace.SpanContext {
	return oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
		TraceID: oteltrace.TraceID{0xaa, 15: 1}, SpanID: oteltrace.SpanID{0xbb, 7: 1}, TraceFlags: flags, Remote: true,
	})
}
