package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// New returns the middleware. What it makes of a handler is a [fsthttp.Handler] for [fsthttp.Serve] and the [fsthttp.HandlerFunc]
// that [fsthttp.ServeMany] wants. A nil provider traces nothing. At most one [Config] is looked at.
func New(tp *trace.TracerProvider, config ...Option) func(next fsthttp.Handler) fsthttp.HandlerFunc {
	m := &middleware{tp: tp}
	if len(config) > 0 && config[0] != nil {
		config[0].apply(m)
	}
	return func(next fsthttp.Handler) fsthttp.HandlerFunc {
		return func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			if m.tp != nil || m.hooks != nil {
				x := &exchange{below: exchangeContext{beneath: ctx}, m: m, r: r, w: recorder{to: w}, ctx: ctx, untraced: m.tp == nil}
				x.at(arriving)
				if !x.untraced {
					x.start()
					x.serve(next)
					return
				}
				ctx = x.ctx
			}
			next.ServeHTTP(ctx, w, r)
		}
	}
}

// middleware is what a Config says to all requests; without one, nothing but the provider.
type middleware struct {
	tp           *trace.TracerProvider
	hooks        hooks // nil where there is nothing to call
	redactor     httpconv.Redactor
	methods      []string // Config.KnownMethods
	noStackTrace bool
}
