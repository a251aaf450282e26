package otelbridge

import (
	"context"

	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/trace"
)

// otelKey is the key under which OpenTelemetry keeps its current span in a context. The API does not export it, but asks a
// context for it; a test watches over that. Were it not found, the bridge would go on with oteltrace.ContextWithSpan alone.
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

// contextValue answers for the contexts of Edgespan's spans.
func (p *TracerProvider) contextValue(s *trace.Span, key any) any {
	if key == otelKey && key != nil {
		return span{s: s, p: p}
	}
	return nil
}

// ContextFromOTel returns a context in which Edgespan's API finds the bridge's span that OpenTelemetry's finds. It is only
// needed where a library has moved a span to another context with OpenTelemetry's ContextWithSpan, which Edgespan does not
// see. Elsewhere, and for spans that are not the bridge's, it returns ctx.
func ContextFromOTel(ctx context.Context) context.Context {
	if o, ok := oteltrace.SpanFromContext(ctx).(span); ok && o.s != trace.SpanFromContext(ctx) {
		return trace.ContextWithSpan(ctx, o.s)
	}
	return ctx
}
