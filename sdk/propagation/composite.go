package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Composite combines propagators, for callers and callees that use different formats. Extract returns the span of the first
// propagator whose headers name one. Inject writes the headers of all. nil members are skipped.
type Composite []Propagator

// Extract calls all members, so that each can add to the context. It returns the first valid SpanContext. Whether sampling is
// deferred depends only on the member that has returned it.
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

// Inject writes the headers of all members.
func (c Composite) Inject(ctx context.Context, h map[string][]string, sc trace.SpanContext) {
	for _, p := range c {
		if p != nil {
			p.Inject(ctx, h, sc)
		}
	}
}

// Fields returns the headers of all members.
func (c Composite) Fields() []string {
	var fields []string
	for _, p := range c {
		if p != nil {
			fields = append(fields, p.Fields()...)
		}
	}
	return fields
}
