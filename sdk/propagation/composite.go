package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Composite is several propagators, for callers and callees that do not all speak one format: what a request says is that of
// the first whose headers name a span, and a callee gets the headers of all. nil members are passed over.
type Composite []Propagator

// Extract reads all, so that each may add to the context; the SpanContext is the first valid one, and only who has read that may have
// deferred sampling.
func (c Composite) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	var first trace.SpanContext
	for _, p := range c {
		if p == nil {
			continue
		}
		if !first.IsValid() {
			ctx, first = p.Extract(ctx, h)
			continue
		}
		deferred := SamplingDeferred(ctx, first)
		ctx, _ = p.Extract(ctx, h)
		if SamplingDeferred(ctx, first) != deferred {
			ctx = withDeferred(ctx, first, deferred)
		}
	}
	return ctx, first
}

// Inject writes the headers of all.
func (c Composite) Inject(ctx context.Context, h map[string][]string, sc trace.SpanContext) {
	for _, p := range c {
		if p != nil {
			p.Inject(ctx, h, sc)
		}
	}
}

// Fields returns the headers of all.
func (c Composite) Fields() []string {
	var fields []string
	for _, p := range c {
		if p != nil {
			fields = append(fields, p.Fields()...)
		}
	}
	return fields
}
