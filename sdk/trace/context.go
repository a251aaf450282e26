package trace

import (
	"context"
	"time"
)

// Start starts a child of the span that ctx carries, and returns it with a context that carries the child. The child belongs to
// the provider of its parent. If ctx carries no span, Start returns ctx and nil, and a nil *Span accepts every call.
//
// Handlers and libraries call Start. A server's middleware, or a program that has no requests, begins local traces with
// [TracerProvider.StartRoot]. [TracerProvider.Start] is for code that may run with or without a span in its context. For work
// that a request starts but does not wait for, set [StartConfig.NewRoot], so that the work gets a trace of its own.
func Start(ctx context.Context, name string, attrs ...Attribute) (context.Context, *Span) {
	return StartWith(ctx, name, StartConfig{Attributes: attrs})
}

// StartWith is [Start] with all the settings of [StartConfig].
func StartWith(ctx context.Context, name string, config StartConfig) (context.Context, *Span) {
	parent := SpanFromContext(ctx)
	if parent == nil || parent.t == nil {
		return ctx, nil
	}
	return parent.t.tp.start(ctx, parent, name, &config)
}

// StartConfig holds the settings of a new span. The zero value is an internal span that starts now.
type StartConfig struct {
	Kind       SpanKind // SpanKindInternal if zero
	Attributes []Attribute
	Links      []Link
	Scope      *Scope    // the code that makes the span; nil for Edgespan's own
	Time       time.Time // of the start; now if zero. An earlier time than 1970 or a later one than 2262 becomes the first or the last of them

	// Parent, if valid, makes the span the root of a new local trace that continues Parent's trace. Parent is a span of another
	// process, or, if it is not Remote, of another tracer in this process. If Parent is invalid, the span that the context
	// carries is the parent.
	Parent SpanContext
	// TrustParent lets the sampler follow Parent's sampled flag and trace state. Without it the sampler ignores them, because
	// anybody can send a traceparent.
	TrustParent bool
	// NewRoot makes the span the root of a new trace, whatever the context carries. Parent is ignored then.
	NewRoot bool
}

// SpanFromContext returns the span that ctx carries, or nil if it carries none.
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

// ContextWithSpan returns a context that carries span. If span is nil, the context carries no span: [Start] and [StartWith]
// make nothing in it, and [TracerProvider.Start] makes a root.
func ContextWithSpan(ctx context.Context, span *Span) context.Context {
	c := new(carrier)
	c.set(ctx, span)
	return c
}
