package otelbridge

import (
	"context"

	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"

	"github.com/edgespan/edgespan/otelbridge/internal/convert"
	"github.com/edgespan/edgespan/sdk/trace"
)

type tracer struct {
	embedded.Tracer
	p     *TracerProvider
	scope *trace.Scope
}

// Start starts a span. Its parent is the innermost span of ctx, whichever API put it there.
func (t *tracer) Start(ctx context.Context, name string, options ...oteltrace.SpanStartOption) (context.Context, oteltrace.Span) {
	if ctx == nil {
		ctx = context.Background()
	}
	var buf [stackAttributes]trace.Attribute
	config := trace.StartConfig{Scope: t.scope}
	if len(options) > 0 {
		c := oteltrace.NewSpanStartConfig(options...)
		config.Kind = kind(c.SpanKind())
		config.Attributes = convert.AppendAttributes(buf[:0], c.Attributes())
		config.Links = links(c.Links())
		config.Time = c.Timestamp()
		config.NewRoot = c.NewRoot()
	}
	if !config.NewRoot {
		ctx = t.p.findParent(ctx, &config)
	}
	ctx, s := t.p.tp.Start(ctx, name, config)

	if o := oteltrace.SpanFromContext(ctx); isSpan(o, s) {
		return ctx, o
	}
	// s is nil if the provider is the zero TracerProvider. A nil span does nothing.
	o := span{s: s, p: t.p}
	return oteltrace.ContextWithSpan(ctx, o), o
}

// findParent makes OpenTelemetry's current span the parent. A context that carries one of our spans returns it to both APIs. So
// if the two APIs find different spans, OpenTelemetry's was put into the context later, and is the innermost.
func (p *TracerProvider) findParent(ctx context.Context, config *trace.StartConfig) context.Context {
	current := oteltrace.SpanFromContext(ctx)
	if _, ours := current.(span); ours {
		return ContextFromOTel(ctx)
	}
	own := trace.SpanFromContext(ctx).SpanContext()
	if sc := current.SpanContext(); sc.IsValid() && sc.SpanID() != oteltrace.SpanID(own.SpanID) { // otherwise it is a no-op span that stands for ours
		config.Parent = convert.SpanContextFromOTel(sc)
		config.TrustParent = p.trusts(ctx, sc)
	}
	return ctx
}

// kind converts a span kind. Both APIs use the values of OTLP. An unknown kind becomes internal.
func kind(k oteltrace.SpanKind) trace.SpanKind {
	return trace.SpanKind(oteltrace.ValidateSpanKind(k))
}

func links(list []oteltrace.Link) []trace.Link {
	var converted []trace.Link
	for _, l := range list {
		if c, ok := link(l); ok {
			converted = append(converted, c)
		}
	}
	return converted
}

// link converts a link. One without content is ignored, as the API specifies, and is not counted as dropped.
func link(l oteltrace.Link) (trace.Link, bool) {
	if !l.SpanContext.IsValid() && len(l.Attributes) == 0 && l.SpanContext.TraceState().Len() == 0 {
		return trace.Link{}, false
	}
	return trace.Link{
		SpanContext: convert.SpanContextFromOTel(l.SpanContext),
		Attributes:  convert.AppendAttributes(nil, l.Attributes),
	}, true
}
