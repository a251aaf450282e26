package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// outbound is a request that is about to leave for a backend, or has been answered.
type outbound struct {
	ctx     context.Context
	sc      trace.SpanContext // what goes with it
	header  fsthttp.Header    // nobody else's
	backend string

	span *trace.Span // for Config.OnBackend, as is resp
	resp *fsthttp.Response
}

// sendHooks are what a Config has for requests to backends: apart from hooks, since only Send leads to a Response.
type sendHooks interface {
	propagates() bool
	leaving(out *outbound)
	answered(out *outbound)
}

func (c *configured) propagates() bool       { return c.config.Propagation != nil }
func (c *configured) leaving(out *outbound)  { c.ask(askInject, 1, nil, out) }
func (c *configured) answered(out *outbound) { c.ask(askOnBackend, len(c.config.OnBackend), nil, out) }

// sendHooks returns those of a request, nil where there are none.
func (x *exchange) sendHooks() sendHooks {
	if x == nil {
		return nil
	}
	s, _ := x.m.hooks.(sendHooks)
	return s
}

// outgoing returns a copy of h for a backend, with sc, or with what has come with a request that is not traced. The header may
// be the client's own, passed on, and shared by requests that are under way at the same time: it is never written to. x is nil outside of a
// request.
func outgoing(ctx context.Context, x *exchange, h fsthttp.Header, sc trace.SpanContext, backend string) fsthttp.Header {
	hooks := x.sendHooks()
	plain := hooks == nil || !hooks.propagates()
	if plain && !sc.IsValid() {
		return h
	}
	copied := make(fsthttp.Header, len(h)+2)
	for name, values := range h { // maps.Clone would be 5 kB
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
