package workers

import (
	"context"
	"maps"
	"net/http"

	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// Propagation is [Propagate], behind an interface so that who does without links none of it.
type Propagation interface {
	of(m *middleware) scope.Propagation
}

// Propagate is for [Config.Propagation]. Where one of its functions panics, what it is asked about does not go out.
type Propagate struct {
	// Propagator carries the trace's context: W3C Trace Context where it is nil. ContextTo says which requests of the twins get it, all
	// where it is nil. Headers of a trace that a request has already, since the handler passes its client's on, are removed: the
	// Propagator's, W3C's and B3's.
	Propagator propagation.Propagator
	ContextTo  func(r *http.Request) bool

	// Baggage carries baggage into the handler's context and on: propagation.Baggage{}, or nil for none. BaggageTo says which requests of
	// the twins get it: none where it is nil. Baggage that is passed on with others is removed.
	Baggage   propagation.Propagator
	BaggageTo func(r *http.Request) bool
}

func (p Propagate) of(m *middleware) scope.Propagation {
	if p.Propagator == nil {
		p.Propagator = propagation.W3C{}
	}
	return &propagate{p, m}
}

// propagate is a Propagate at work.
type propagate struct {
	Propagate
	m *middleware
}

// Extract has each propagator add to the context; one that panics adds nothing.
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

// Outgoing removes first, so that a function that panics lets nothing out.
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
		return // it keeps what it has
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

// write takes over what a propagator has written, or nothing where it panics.
func (p *propagate) write(from propagation.Propagator, r *http.Request, sc trace.SpanContext) {
	defer p.m.guard("Propagation")
	h := http.Header{}
	from.Inject(r.Context(), h, sc)
	maps.Copy(r.Header, h)
}
