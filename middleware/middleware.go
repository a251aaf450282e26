package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// New returns the middleware. What it makes of a handler is a fsthttp.Handler for fsthttp.Serve and the fsthttp.HandlerFunc
// that fsthttp.ServeMany wants. A nil provider traces nothing. At most one Config is looked at.
func New(tp *trace.TracerProvider, config ...Config) func(next fsthttp.Handler) fsthttp.HandlerFunc {
	m := &middleware{tp: tp}
	if len(config) > 0 {
		m.Config = config[0]
	}
	m.redactor = newRedactor(m.Redact, m.Reveal)
	m.requestHeaders = newHeaderSet("http.request.header.", m.RequestHeaders, &m.redactor)
	m.responseHeaders = newHeaderSet("http.response.header.", m.ResponseHeaders, &m.redactor)
	return func(next fsthttp.Handler) fsthttp.HandlerFunc {
		return func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			if tp == nil {
				next.ServeHTTP(ctx, w, r)
				return
			}
			x := &exchange{Context: ctx, m: m, r: r, method: knownMethod(r.Method)}
			if x.parent = trace.FromHeaders(r.Header["Traceparent"], r.Header["Tracestate"]); x.ask() {
				x.serve(w, next)
			} else {
				next.ServeHTTP(ctx, w, r)
			}
		}
	}
}

type middleware struct {
	Config
	tp              *trace.TracerProvider
	redactor        redactor
	requestHeaders  headerSet
	responseHeaders headerSet
}

// ask calls the functions of the Config that have a say before the span starts, and reports whether it does. A panic in one
// of them is reported, and leaves the defaults in place.
func (x *exchange) ask() (traced bool) {
	m, field := x.m, "Filter"
	defer func() {
		if v := recover(); v != nil {
			traced = true
			m.tp.ReportError(&configError{field, v})
		}
	}()
	if m.Filter != nil && !m.Filter(x.r) {
		return false
	}
	if field = "Route"; m.Route != nil {
		x.route = m.Route(x.r)
	}
	if field = "TrustParent"; m.TrustParent != nil && x.parent.IsValid() {
		x.trusted = m.TrustParent(x.r)
	}
	return true
}

// serve is the way of one request. What comes after the handler is in end; a panic passes through panicked.
func (x *exchange) serve(w fsthttp.ResponseWriter, next fsthttp.Handler) {
	x.w.ResponseWriter, x.w.headers = w, x.m.responseHeaders
	ctx, span := x.m.tp.Start(x, spanName(x.method, ""), trace.StartConfig{
		Kind:        trace.SpanKindServer,
		Parent:      x.parent,
		TrustParent: x.trusted,
		NewRoot:     !x.parent.IsValid(),
	})
	if x.ctx, x.span = ctx, span; span.IsRecording() {
		x.start()
	}

	returned := false
	defer func() {
		if !returned {
			v := recover() // nil where the goroutine is ending
			x.panicked(v)
			if v != nil {
				panic(v)
			}
		}
	}()
	next.ServeHTTP(ctx, &x.w, x.r)
	returned = true
	x.end()
}

type configError struct {
	field string
	value any
}

func (e *configError) Error() string {
	return "middleware: panic in Config." + e.field + ": " + trace.Message(e.value)
}
