package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// outbound is a request to a backend: one that is about to be sent, or, with span and resp set, one that has been answered.
type outbound struct {
	ctx     context.Context
	sc      trace.SpanContext // what the backend gets
	header  fsthttp.Header    // a copy for this request alone
	backend string

	span *trace.Span // span and resp are for Config.OnBackend
	resp *fsthttp.Response
}

// sendHooks is what Send knows of a Config. It is separate from hooks, because only services that call Send link fsthttp's
// Response.
type sendHooks interface {
	propagates() bool
	leaving(out *outbound)
	answered(out *outbound)
}

func (c *configured) propagates() bool       { return c.config.Propagation != nil }
func (c *configured) leaving(out *outbound)  { c.ask(askInject, 1, nil, out) }
func (c *configured) answered(out *outbound) { c.ask(askOnBackend, len(c.config.OnBackend), nil, out) }

// sendHooks returns the sendHooks of the request, or nil if it has none.
func (x *exchange) sendHooks() sendHooks {
	if x == nil {
		return nil
	}
	s, _ := x.m.hooks.(sendHooks)
	return s
}

// outgoing returns the header for a request to a backend: a copy of h with the span context sc, or, if sc is invalid, with the
// context that a request that is not traced came with. It never writes to h, which may be the header of the client's request
// and be shared by backend requests that run at the same time. x is nil outside of a request.
func outgoing(ctx context.Context, x *exchange, h fsthttp.Header, sc trace.SpanContext, backend string) fsthttp.Header {
	hooks := x.sendHooks()
	plain := hooks == nil || !hooks.propagates()
	if plain && !sc.IsValid() {
		return h
	}
	copied := make(fsthttp.Header, len(h)+2)
	for name, values := range h { // maps.Clone would link 5 kB
		copied[name] = values
	}
	if plain {
		propagation.W3C{}.Inject(ctx, copied, sc)
		return copied
	}
	if !sc.IsValid() {
		sc = x.parent
	}
	hooks.leaving(&outbound{ctx: ctx, sc: sc, header: copied, backend: backend})
	return copied
}
