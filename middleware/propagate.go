package middleware

import (
	"slices"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/propagation"
)

// Propagation is a [Propagate]. It is an interface so that services without one link none of its code.
type Propagation interface {
	extract(x *exchange)
	inject(out *outbound)
}

// Propagate is the value for [Config.Propagation]. It has no effect on a request that is handed off, because the platform sends
// that with the client's headers, see [HandoffWebsocket].
type Propagate struct {
	// Propagator reads and writes the trace's context. If it is nil, the format is W3C Trace Context. ContextTo returns true
	// for the backends that get the context from Send; if it is nil, all do. If the handler passes its client's headers on to a
	// backend, the headers of the client's trace are removed: those of the Propagator, of W3C and of B3.
	Propagator propagation.Propagator
	ContextTo  func(backend string) bool

	// Baggage, if not nil, reads baggage into the handler's context and writes it for backends. The usual value is
	// propagation.Baggage{}. BaggageTo returns true for the backends that get the baggage from Send; if it is nil, none do. If
	// the handler passes its client's headers on to another backend, the client's baggage is removed.
	Baggage   propagation.Propagator
	BaggageTo func(backend string) bool
}

// Backends returns a function for ContextTo and BaggageTo that is true for these backends only.
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
	ctx, parent := p.propagator().Extract(x.base.wrapped, x.r.Header)
	x.base.set(ctx)
	x.parent = parent
	if !x.trusted {
		x.base.set(propagation.WithoutDebug(x.base.wrapped, parent))
	}
	x.trusted = x.trusted && !propagation.SamplingDeferred(x.base.wrapped, parent)
	if p.Baggage != nil {
		ctx, _ = p.Baggage.Extract(x.base.wrapped, x.r.Header)
		x.base.set(ctx)
	}
}

// inject removes the trace headers and baggage that the client may have sent, and writes those that the backend gets. It
// removes first, so that nothing is let out if one of the functions panics.
func (p Propagate) inject(out *outbound) {
	h := out.header
	remove(h, propagation.W3C{}.Fields()) // not in a loop over the interface, which would link all methods of each type
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
