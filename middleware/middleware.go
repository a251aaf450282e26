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
			if m.traces(r) {
				m.serve(ctx, w, r, next)
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

func (m *middleware) traces(r *fsthttp.Request) bool {
	if m.tp == nil || m.Filter == nil {
		return m.tp != nil
	}
	traced := true
	m.guard("Filter", func() { traced = m.Filter(r) })
	return traced
}

// serve is the way of one request. What comes after the handler is in end, where a panic passes as well.
func (m *middleware) serve(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, next fsthttp.Handler) {
	x := &exchange{Context: ctx, m: m, r: r, method: knownMethod(r.Method)}
	x.w.ResponseWriter, x.w.headers = w, m.responseHeaders
	parent := trace.FromHeaders(r.Header.Values("Traceparent"), r.Header.Values("Tracestate"))
	trusted := false
	if m.TrustParent != nil && parent.IsValid() {
		m.guard("TrustParent", func() { trusted = m.TrustParent(r) })
	}
	if m.Route != nil {
		m.guard("Route", func() { x.route = m.Route(r) })
	}
	ctx, x.span = m.tp.Start(x, spanName(x.method, ""), trace.StartConfig{
		Kind:        trace.SpanKindServer,
		Parent:      parent,
		TrustParent: trusted,
		NewRoot:     !parent.IsValid(),
	})
	if x.span.IsRecording() {
		x.start()
	}

	returned := false
	defer func() {
		if returned {
			return
		}
		v := recover() // nil where the goroutine is ending
		x.panicked(v)
		if v != nil {
			panic(v)
		}
	}()
	next.ServeHTTP(ctx, &x.w, r)
	returned = true
	x.end()
}

// guard calls a function of the Config, and reports a panic in it. What it was to decide is then as if it were not there.
func (m *middleware) guard(field string, f func()) {
	defer func() {
		if v := recover(); v != nil {
			m.tp.ReportError(&configError{field, v})
		}
	}()
	f()
}

type configError struct {
	field string
	value any
}

func (e *configError) Error() string {
	return "middleware: panic in Config." + e.field + ": " + trace.Message(e.value)
}
