package middleware

import (
	"context"
	"unsafe"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// New returns the middleware. What it makes of a handler is a fsthttp.Handler for fsthttp.Serve and the fsthttp.HandlerFunc
// that fsthttp.ServeMany wants. A nil provider traces nothing. At most one Config is looked at.
func New(tp *trace.TracerProvider, config ...Config) func(next fsthttp.Handler) fsthttp.HandlerFunc {
	m := &middleware{tp: tp}
	if len(config) > 0 {
		m.Config = config[0]
	}
	m.redactor = httpconv.NewRedactor(m.Redact, m.Reveal)
	m.requestHeaders = m.redactor.Headers("http.request.header.", m.RequestHeaders)
	m.responseHeaders = m.redactor.Headers("http.response.header.", m.ResponseHeaders)
	return func(next fsthttp.Handler) fsthttp.HandlerFunc {
		return func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			if tp == nil && m.TrustParent == nil && m.Propagation == nil {
				next.ServeHTTP(ctx, w, r)
				return
			}
			x := &exchange{m: m, r: r, method: httpconv.Method(r.Method)}
			x.below = exchangeContext{ctx, unsafe.Pointer(x)}
			m.ask(hookFilter, 0, x, nil)
			m.ask(hookTrustParent, 0, x, nil) // traced or not, since it may take a secret away
			if m.Propagation != nil {
				m.ask(hookExtract, 0, x, nil)
				ctx = &x.below
			}
			if x.filtered || tp == nil {
				next.ServeHTTP(ctx, w, r)
				return
			}
			x.start(w)
			x.serve(next)
		}
	}
}

type middleware struct {
	Config
	tp              *trace.TracerProvider
	redactor        httpconv.Redactor
	requestHeaders  []httpconv.CapturedHeader
	responseHeaders []httpconv.CapturedHeader
}
