package workers

import (
	"context"
	"maps"
	"net/http"

	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// Propagation is implemented by [Propagate] only. It is an interface so that programs that do not use Propagate do not link it.
type Propagation interface {
	of(m *middleware) scope.Propagation
}

// Propagate configures [Config.Propagation]. If one of its functions panics, the headers in question are not sent.
type Propagate struct {
	// Propagator carries the trace's context. If it is nil, it is W3C Trace Context. ContextTo reports whether a request that a
	// wrapper package sends gets the context; if it is nil, every request does. The handler may have copied the headers of its
	// client's request, so trace headers that a request already has are removed first: those of Propagator, of W3C Trace
	// Context and of B3.
	Propagator propagation.Propagator
	ContextTo  func(r *http.Request) bool

	// Baggage carries baggage into the handler's context and on to other services. Use propagation.Baggage{}; nil carries none.
	// BaggageTo reports whether a request that a wrapper package sends gets the baggage; if it is nil, none does. Baggage
	// headers that a request already has are removed.
	Baggage   propagation.Propagator
	BaggageTo func(r *http.Request) bool
}

func (p Propagate) of(m *middleware) scope.Propagation {
	if p.Propagator == nil {
		p.Propagator = propagation.W3C{}
	}
	return &propagate{p, m}
}

// propagate implements scope.Propagation with a Propagate.
type propagate struct {
	Propagate
	m *middleware
}

// Extract runs the propagators on the headers. One that panics adds nothing to the context.
func (p *propagate) Extract(ctx context.Context, h http.Header, trusted bool) (_ context.Context, parent trace.SpanContext, decides bool) {
	ctx, parent = p.read(p.Propagator, ctx, h)
	if !trusted {
		ctx = propagation.WithoutDebug(ctx, parent)
	}
	decides = trusted && !propagation.SamplingDeferred(ctx, parent)
	if p.Baggage != nil {
		ctx, _ = p.read(p.Baggage, ctx, h)
	}
	return ctx, parent, decides
}

func (p *propagate) read(from propagation.Propagator, below context.Context, h http.Header) (ctx context.Context, sc trace.SpanContext) {
	ctx = below
	defer p.m.guard("Propagation")
	if with, parent := from.Extract(below, h); with != nil {
		ctx, sc = with, parent
	}
	return ctx, sc
}

// Outgoing removes headers before it calls any function, so that none is sent if a function panics.
func (p *propagate) Outgoing(r *http.Request, sc trace.SpanContext) {
	mayHaveContext := p.contextTo(r)
	if sc.IsValid() || !mayHaveContext {
		remove(r.Header, propagation.W3C{})
		remove(r.Header, propagation.B3{})
		p.removeOwn(r.Header, p.Propagator)
	}
	mayHaveBaggage := p.baggageTo(r)
	if sc.IsValid() || !mayHaveBaggage {
		remove(r.Header, propagation.Baggage{})
		p.removeOwn(r.Header, p.Baggage)
	}
	if !sc.IsValid() {
		return // without a span, the request keeps the headers that may be sent
	}
	if mayHaveContext {
		p.write(p.Propagator, r, sc)
	}
	if mayHaveBaggage {
		p.write(p.Baggage, r, sc)
	}
}

func (p *propagate) contextTo(r *http.Request) (allowed bool) {
	defer p.m.guard("Propagation")
	return p.ContextTo == nil || p.ContextTo(r)
}

func (p *propagate) baggageTo(r *http.Request) (allowed bool) {
	defer p.m.guard("Propagation")
	return p.Baggage != nil && p.BaggageTo != nil && p.BaggageTo(r)
}

func (p *propagate) removeOwn(h http.Header, own propagation.Propagator) {
	defer p.m.guard("Propagation")
	if own != nil {
		remove(h, own)
	}
}

func remove(h http.Header, of propagation.Propagator) {
	for _, name := range of.Fields() {
		delete(h, name)
	}
}

// write copies the headers that a propagator injects, or none if it panics.
func (p *propagate) write(from propagation.Propagator, r *http.Request, sc trace.SpanContext) {
	defer p.m.guard("Propagation")
	h := http.Header{}
	from.Inject(r.Context(), h, sc)
	maps.Copy(r.Header, h)
}
