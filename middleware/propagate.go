package middleware

import (
	"context"
	"maps"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Propagation is Propagate, behind an interface so that who does without links none of it.
type Propagation interface {
	extract(x *exchange)
	inject(x *exchange)
}

// Propagate is for Config.Propagation.
type Propagate struct {
	// Propagator carries the trace's context: W3C Trace Context where it is nil. ContextTo says which backends get it from
	// Send, all where it is nil. From requests to the others the propagator's headers, and W3C's, are removed.
	Propagator propagation.Propagator
	ContextTo  func(backend string) bool

	// Baggage carries baggage into the handler's context and on: propagation.Baggage{}, or nil for none. BaggageTo says
	// which backends get it from Send: none where it is nil.
	Baggage   propagation.Propagator
	BaggageTo func(backend string) bool
}

// Backends returns a predicate for ContextTo and BaggageTo: these backends, and no others.
func Backends(names ...string) func(backend string) bool {
	return func(backend string) bool { return httpconv.Contains(names, backend) }
}

func (p Propagate) propagator() propagation.Propagator {
	if p.Propagator == nil {
		return propagation.W3C{}
	}
	return p.Propagator
}

func (p Propagate) extract(x *exchange) {
	x.below.beneath, x.parent = p.propagator().Extract(x.below.beneath, x.r.Header)
	if p.Baggage != nil {
		x.below.beneath, _ = p.Baggage.Extract(x.below.beneath, x.r.Header)
	}
}

// inject writes what the backend may have, and removes what it may not: a handler that passes a client's headers on would
// send it otherwise. Removing comes first, so that a function that panics lets nothing out.
func (p Propagate) inject(x *exchange) {
	h := x.header
	remove(h, propagation.W3C{}.Fields())
	remove(h, p.propagator().Fields())
	if p.Baggage != nil {
		remove(h, p.Baggage.Fields())
	}
	if x.parent.IsValid() && (p.ContextTo == nil || p.ContextTo(x.backend)) {
		p.propagator().Inject(x.ctx, h, x.parent)
	}
	if p.Baggage != nil && p.BaggageTo != nil && p.BaggageTo(x.backend) {
		p.Baggage.Inject(x.ctx, h, x.parent)
	}
}

func remove(h fsthttp.Header, names []string) {
	for _, name := range names {
		delete(h, name)
	}
}

// outgoing returns a copy of h for a backend. The header may be the client's own, passed on, and shared by requests that are
// under way at the same time: it is never written to.
func outgoing(ctx context.Context, h fsthttp.Header, sc trace.SpanContext, backend string) fsthttp.Header {
	x := exchangeFrom(ctx)
	plain := x == nil || x.m.Propagation == nil
	if plain && !sc.IsValid() {
		return h
	}
	copied := maps.Clone(h)
	if copied == nil {
		copied = fsthttp.NewHeader()
	}
	if !plain {
		q := &exchange{m: x.m, ctx: ctx, parent: sc, header: copied, backend: backend} // Sends may be many at a time
		q.ask(hookInject, 0)
		return copied
	}
	injectW3C(copied, sc)
	return copied
}

func injectW3C(h fsthttp.Header, sc trace.SpanContext) {
	h["Traceparent"] = []string{sc.Traceparent()}
	if sc.TraceState.IsEmpty() {
		delete(h, "Tracestate")
	} else {
		h["Tracestate"] = []string{sc.TraceState.String()}
	}
}
