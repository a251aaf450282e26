package middleware

import (
	"context"
	"maps"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Backends returns a predicate for Config.ContextTo and Config.BaggageTo: these backends, and no others.
func Backends(names ...string) func(backend string) bool {
	return func(backend string) bool { return contains(names, backend) }
}

// extract reads what a request says of its caller.
func (x *exchange) extract() {
	m, h := x.m, x.r.Header
	if m.Propagator == nil {
		x.parent = trace.FromHeaders(h["Traceparent"], h["Tracestate"])
	} else {
		x.beneath, x.parent = m.Propagator.Extract(x.beneath, h)
	}
	if m.Baggage != nil {
		x.beneath, _ = m.Baggage.Extract(x.beneath, h)
	}
}

// outgoing returns a copy of h for a backend. The header may be the client's own, passed on, and shared by requests that are
// under way at the same time: it is never written to.
func outgoing(ctx context.Context, h fsthttp.Header, sc trace.SpanContext, backend string) fsthttp.Header {
	x := exchangeFrom(ctx)
	plain := x == nil || x.m.Propagator == nil && x.m.ContextTo == nil && x.m.Baggage == nil
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

// inject writes what the backend may have, and removes what it may not: a handler that passes a client's headers on would
// send it otherwise. Removing comes first, so that a function that panics lets nothing out.
func (x *exchange) inject() {
	m, h := x.m, x.header
	delete(h, "Traceparent")
	delete(h, "Tracestate")
	if m.Propagator != nil {
		remove(h, m.Propagator.Fields())
	}
	if m.Baggage != nil {
		remove(h, m.Baggage.Fields())
	}
	if x.parent.IsValid() && (m.ContextTo == nil || m.ContextTo(x.backend)) {
		if m.Propagator == nil {
			injectW3C(h, x.parent)
		} else {
			m.Propagator.Inject(x.ctx, h, x.parent)
		}
	}
	if m.Baggage != nil && m.BaggageTo != nil && m.BaggageTo(x.backend) {
		m.Baggage.Inject(x.ctx, h, x.parent)
	}
}

func remove(h fsthttp.Header, names []string) {
	for _, name := range names {
		delete(h, name)
	}
}
