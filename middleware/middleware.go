package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// New returns a middleware that traces requests with tp. It takes a handler, and returns a handler for [fsthttp.Serve] and for
// [fsthttp.ServeMany]. If tp is nil, nothing is traced. config is a [Config]; only the first one is used.
func New(tp *trace.TracerProvider, config ...Option) func(next fsthttp.Handler) fsthttp.HandlerFunc {
	m := &middleware{tp: tp}
	if len(config) > 0 && config[0] != nil {
		config[0].apply(m)
	}
	return func(next fsthttp.Handler) fsthttp.HandlerFunc {
		return func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			if m.tp != nil || m.hooks != nil {
				x := &exchange{base: exchangeContext{wrapped: ctx}, m: m, r: r, w: recorder{to: w}, ctx: ctx, untraced: m.tp == nil}
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

// middleware holds what is the same for all requests: the provider and the settings of a Config.
type middleware struct {
	tp           *trace.TracerProvider
	hooks        hooks // nil if there is nothing to call
	redactor     httpconv.Redactor
	methods      []string // Config.KnownMethods
	noStackTrace bool
}
