package workers

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// New returns the middleware. It should be the outermost one, so that it sees what the client gets. A nil provider traces
// nothing. At most one [Config] is looked at.
func New(tp *trace.TracerProvider, config ...Config) func(next http.Handler) http.Handler {
	m := &middleware{tp: tp}
	if len(config) > 0 {
		m.Config = config[0]
	}
	m.scope = &scope.Scope{Redactor: httpconv.NewRedactor(m.Redact, m.Reveal), KnownMethods: m.KnownMethods}
	if m.Propagation != nil {
		m.scope.Propagation = m.Propagation.of(m)
	}
	m.requestHeaders = m.scope.Redactor.Headers("http.request.header.", m.RequestHeaders)
	m.responseHeaders = m.scope.Redactor.Headers("http.response.header.", m.ResponseHeaders)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if tp == nil || m.filtered(r) {
				if m.Propagation != nil {
					r = r.WithContext(scope.With(r.Context(), m.scope))
				}
				next.ServeHTTP(w, r)
				return
			}
			x := m.start(w, r)
			x.serve(next)
		})
	}
}

type middleware struct {
	Config
	tp              *trace.TracerProvider
	scope           *scope.Scope
	requestHeaders  []httpconv.CapturedHeader
	responseHeaders []httpconv.CapturedHeader
}

// serve is the way of one request from its handler on. What comes after the handler is in end, also when it panics.
func (x *exchange) serve(next http.Handler) {
	returned := false
	defer func() {
		if returned {
			x.end(true, nil)
			return
		}
		v := recover() // nil where the goroutine is ending
		x.end(false, v)
		if v != nil {
			crash(v, &x.w)
			panic(v)
		}
	}()
	next.ServeHTTP(x.w.outer, x.r)
	returned = true
}

// WithKeys returns a context below which the twins' spans tell what was asked for: keys of KV and R2.
func WithKeys(ctx context.Context) context.Context { return call.WithKeys(ctx) }

// The functions of a Config, each with what it counts for when it panics.

func (m *middleware) filtered(r *http.Request) (filtered bool) {
	defer m.guard("Filter")
	return m.Filter != nil && !m.Filter(r)
}

func (m *middleware) route(r *http.Request) (route string) {
	defer m.guard("Route")
	if m.Route == nil {
		return ""
	}
	return m.Route(r)
}

func (m *middleware) trusts(r *http.Request) (trusted bool) {
	defer m.guard("TrustParent")
	return m.TrustParent != nil && m.TrustParent(r)
}

func (m *middleware) onRequest(span *trace.Span, r *http.Request) {
	for _, f := range m.OnRequest {
		func() {
			defer m.guard("OnRequest")
			f(span, r)
		}()
	}
}

func (m *middleware) onHeaders(ctx context.Context, h http.Header) {
	for _, f := range m.OnHeaders {
		func() {
			defer m.guard("OnHeaders")
			f(ctx, h)
		}()
	}
}

func (m *middleware) guard(name string) {
	if v := recover(); v != nil {
		m.tp.ReportError(&hookError{name, v})
	}
}

// hookError is a panic in a function of a Config.
type hookError struct {
	name  string
	value any
}

func (e *hookError) Error() string {
	return "workers: panic in Config." + e.name + ": " + fault.Message(e.value)
}
