package middleware

import (
	"slices"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/propagation"
)

// Propagation is [Propagate], behind an interface so that who does without links none of it.
type Propagation interface {
	extract(x *exchange)
	inject(out *outbound)
}

// Propagate is for [Config.Propagation]. A request that is handed off is the platform's to send, with the headers that the client has
// sent: see [HandoffWebsocket].
type Propagate struct {
	// Propagator carries the trace's context: W3C Trace Context where it is nil. ContextTo says which backends get it from
	// Send, all where it is nil. Headers of a trace that a request to a backend has already, since the handler passes its
	// client's on, are removed: the Propagator's, W3C's and B3's.
	Propagator propagation.Propagator
	ContextTo  func(backend string) bool

	// Baggage carries baggage into the handler's context and on: propagation.Baggage{}, or nil for none. BaggageTo says
	// which backends get it from Send: none where it is nil. Baggage that is passed on to others is removed.
	Baggage   propagation.Propagator
	BaggageTo func(backend string) bool
}

// Backends returns a predicate for ContextTo and BaggageTo: these backends, and no others.
func Backends(names ...string) func(backend string) bool {
	return func(backend string) bool { return slices.Contains(names, backend) }
}

func (p Propagate) propagator() propagation.Propagator {
	if p.Propagator == nil {
		return propagation.W3C{}
	}
	return p.Propagator
}

func (p Propagate) extract(x *exchange) {
	ctx, parent := p.propagator().Extract(x.below.beneath, x.r.Header)
	x.below.add(ctx)
	x.parent = parent
	if !x.trusted {
		x.below.add(propagation.WithoutDebug(x.below.beneath, parent))
	}
	x.trusted = x.trusted && !propagation.SamplingDeferred(x.below.beneath, parent)
	if p.Baggage != nil {
		ctx, _ = p.Baggage.Extract(x.below.beneath, x.r.Header)
		x.below.add(ctx)
	}
}

// inject writes what the backend may have, and removes what it may not: a handler that passes a client's headers on would
// send it otherwise. Removing comes first, so that a function that panics lets nothing out.
func (p Propagate) inject(out *outbound) {
	h := out.header
	remove(h, propagation.W3C{}.Fields()) // not through the interface, which would link all that each can do
	remove(h, propagation.B3{}.Fields())
	remove(h, propagation.Baggage{}.Fields())
	for _, own := range []propagation.Propagator{p.Propagator, p.Baggage} {
		if own != nil {
			remove(h, own.Fields())
		}
	}
	if out.sc.IsValid() && (p.ContextTo == nil || p.ContextTo(out.backend)) {
		p.propagator().Inject(out.ctx, h, out.sc)
	}
	if p.Baggage != nil && p.BaggageTo != nil && p.BaggageTo(out.backend) {
		p.Baggage.Inject(out.ctx, h, out.sc)
	}
}

func remove(h fsthttp.Header, names []string) {
	for _, name := range names {
		delete(h, name)
	}
}
