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
	return m.tp != nil && (m.Filter == nil || ask(m, "Filter", m.Filter, r, true))
}

// serve is the way of one request. What comes after the handler is in end, where a panic passes as well.
func (m *middleware) serve(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request, next fsthttp.Handler) {
	x := &exchange{Context: ctx, m: m, r: r, method: knownMethod(r.Method)}
	x.w.ResponseWriter = w
	parent := trace.FromHeaders(r.Header.Values("Traceparent"), r.Header.Values("Tracestate"))
	ctx, x.span = m.tp.Start(x, spanName(x.method, ""), trace.StartConfig{
		Kind:        trace.SpanKindServer,
		Parent:      parent,
		TrustParent: parent.IsValid() && m.TrustParent != nil && ask(m, "TrustParent", m.TrustParent, r, false),
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

// ask calls a function of the Config. Where it panics the answer is otherwise.
func ask[T any](m *middleware, name string, f func(*fsthttp.Request) T, r *fsthttp.Request, otherwise T) (answer T) {
	defer func() {
		if v := recover(); v != nil {
			m.tp.ReportError(&configError{name, v})
			answer = otherwise
		}
	}()
	return f(r)
}

type configError struct {
	field string
	value any
}

func (e *configError) Error() string {
	return "middleware: panic in Config." + e.field + ": " + trace.Message(e.value)
}
