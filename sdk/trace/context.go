package trace

import (
	"context"
	"time"
)

// Start starts a child of the span that ctx carries, of the same provider, and returns a context that carries the child. Without
// a span in ctx there is nothing to be a child of: it returns ctx and nil, and nil takes every call.
//
// It is what handlers and libraries call. What begins local traces, such as a middleware or a program that has no requests, calls
// [TracerProvider.StartRoot]; [TracerProvider.Start] is for what may stand at the top or below another span. Work that a request sets off
// and does not wait for gets a trace of its own by [StartConfig.NewRoot].
func Start(ctx context.Context, name string, attrs ...Attribute) (context.Context, *Span) {
	return StartWith(ctx, name, StartConfig{Attributes: attrs})
}

// StartWith is [Start] with everything that can be said of a new span.
func StartWith(ctx context.Context, name string, config StartConfig) (context.Context, *Span) {
	parent := SpanFromContext(ctx)
	if parent == nil || parent.t == nil {
		return ctx, nil
	}
	return parent.t.tp.start(ctx, parent, name, &config)
}

// StartConfig is what can be said of a span at its start. The zero value is an internal span that starts now.
type StartConfig struct {
	Kind       SpanKind // SpanKindInternal where it is zero
	Attributes []Attribute
	Links      []Link
	Scope      *Scope    // who makes the span; nil for Edgespan's own
	Time       time.Time // of the start, between 1970 and 2262; now where it is zero

	// Parent makes the span the root of a new local trace that continues another process's trace, or, where it is not Remote,
	// that of another tracer in this one. Where it is invalid, the span that the context carries is the parent.
	Parent SpanContext
	// TrustParent lets a sampler follow Parent's sampled flag and trace state. Without it they have no say, because
	// anybody may send a traceparent.
	TrustParent bool
	// NewRoot makes the span the root of a new trace, whatever the context carries.
	NewRoot bool
}

// SpanFromContext returns the span that ctx carries, or nil.
func SpanFromContext(ctx context.Context) *Span {
	if ctx == nil {
		return nil
	}
	if c, ok := ctx.(*carrier); ok {
		return c.span
	}
	s, _ := ctx.Value(spanKey{}).(*Span)
	return s
}

// ContextWithSpan returns a context that carries span, nil included: below nil, [Start] and [StartWith] make nothing, and a
// provider's Start makes a root.
func ContextWithSpan(ctx context.Context, span *Span) context.Context {
	c := new(carrier)
	c.set(ctx, span)
	return c
}
