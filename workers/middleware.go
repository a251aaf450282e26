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

// New returns a middleware that records a server span for each request. Make it the outermost middleware, so that it sees the
// response that the client gets. If tp is nil, nothing is traced. New uses the first [Config], or the zero Config if there is
// none.
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

// serve runs the handler. end runs afterwards, even if the handler panics.
func (x *exchange) serve(next http.Handler) {
	returned := false
	defer func() {
		if returned {
			x.end(true, nil)
			return
		}
		v := recover() // nil if the goroutine is exiting
		x.end(false, v)
		if v != nil {
			crash(v, &x.w)
			panic(v)
		}
	}()
	next.ServeHTTP(x.w.outer, x.r)
	returned = true
}

// WithKeys returns a copy of ctx. Below it, the spans of the wrapper packages record the keys of KV and R2, which they do not
// record by default.
func WithKeys(ctx context.Context) context.Context { return call.WithKeys(ctx) }

// The methods below call the functions of a Config. If one panics, they return what a missing function would.

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

// hookError reports a panic in a function of a Config.
type hookError struct {
	name  string
	value any
}

func (e *hookError) Error() string {
	return "workers: panic in Config." + e.name + ": " + fault.Message(e.value)
}
