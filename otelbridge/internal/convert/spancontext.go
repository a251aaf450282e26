package convert

import (
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/trace"
)

// SpanContextFromOTel converts sc to Edgespan's type.
func SpanContextFromOTel(sc oteltrace.SpanContext) trace.SpanContext {
	return trace.SpanContext{
		TraceID:    trace.TraceID(sc.TraceID()),
		SpanID:     trace.SpanID(sc.SpanID()),
		TraceFlags: trace.TraceFlags(sc.TraceFlags()),
		Remote:     sc.IsRemote(),
		TraceState: TraceStateFromOTel(sc.TraceState()),
	}
}

// SpanContextToOTel converts sc to OpenTelemetry's type.
func SpanContextToOTel(sc trace.SpanContext) oteltrace.SpanContext {
	return oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
		TraceID:    oteltrace.TraceID(sc.TraceID),
		SpanID:     oteltrace.SpanID(sc.SpanID),
		TraceFlags: oteltrace.TraceFlags(sc.TraceFlags),
		TraceState: TraceStateToOTel(sc.TraceState),
		Remote:     sc.Remote,
	})
}
