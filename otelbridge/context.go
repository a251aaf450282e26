package otelbridge

import (
	"context"

	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/trace"
)

// otelKey is the key under which OpenTelemetry keeps the current span in a context. The API does not export the key, but it
// passes it to the context's Value method; a test checks that it still does. If the key were not found, the bridge would use
// oteltrace.ContextWithSpan only.
var otelKey = findKey()

func findKey() any {
	listener := &keyListener{Context: context.Background()}
	oteltrace.SpanFromContext(listener)
	return listener.key
}

type keyListener struct {
	context.Context
	key any
}

func (l *keyListener) Value(key any) any {
	l.key = key
	return nil
}

// contextValue returns the value of OpenTelemetry's key in a context that carries s.
func (p *TracerProvider) contextValue(s *trace.Span, key any) any {
	if key == otelKey && key != nil {
		return span{s: s, p: p}
	}
	return nil
}

// ContextFromOTel returns a context in which Edgespan's API finds the same span of this bridge as OpenTelemetry's API. You need
// it only if a library has put a span into another context with OpenTelemetry's ContextWithSpan, which Edgespan does not see.
// If both APIs find the same span already, or the span is not one of the bridge, it returns ctx.
func ContextFromOTel(ctx context.Context) context.Context {
	if o, ok := oteltrace.SpanFromContext(ctx).(span); ok && o.s != trace.SpanFromContext(ctx) {
		return trace.ContextWithSpan(ctx, o.s)
	}
	return ctx
}
