package middleware

import (
	"time"

	"github.com/edgespan/edgespan/internal/httpconv"
)

// Option is a Config, behind an interface so that who gives none links none of what it can do.
type Option interface{ apply(m *middleware) }

// apply hangs on m what c asks for, in the order in which it is called.
func (c Config) apply(m *middleware) {
	m.noStackTrace = c.NoStackTrace
	m.redactor = httpconv.NewRedactor(c.Redact, c.Reveal)

	if c.Filter != nil && m.tp != nil {
		m.hang(arriving, "Filter", func(x *exchange) { x.untraced = !c.Filter(x.r) })
	}
	if c.TrustParent != nil { // traced or not, since it may take a secret away
		m.hang(arriving, "TrustParent", func(x *exchange) { x.trusted = c.TrustParent(x.r) })
	}
	if c.Propagation != nil {
		m.hang(arriving, "Propagation", func(x *exchange) {
			x.ctx = &x.below
			c.Propagation.extract(x)
		})
		m.inject = guarded(m, "Propagation", func(out *outbound) { c.Propagation.inject(out) })
	}

	if c.Route != nil {
		m.hang(starting, "Route", func(x *exchange) { x.route = c.Route(x.r) })
	}
	if len(c.OnHeaders) > 0 {
		m.hang(starting, "OnHeaders", func(x *exchange) { x.begun = time.Now() })
	}

	if set := m.redactor.Headers("http.request.header.", c.RequestHeaders); set != nil {
		m.hang(recording, "RequestHeaders", func(x *exchange) { httpconv.Record(x.span, set, x.r.Header) })
	}
	for _, f := range c.OnRequest {
		m.hang(recording, "OnRequest", func(x *exchange) { f(x.span, x.r) })
	}

	for _, f := range c.OnBackend {
		m.onBackend = append(m.onBackend, guarded(m, "OnBackend", func(out *outbound) { f(out.span, out.resp) }))
	}

	for _, f := range c.OnHeaders {
		m.hang(answering, "OnHeaders", func(x *exchange) { f(x.ctx, x.w.Header()) })
	}
	if set := m.redactor.Headers("http.response.header.", c.ResponseHeaders); set != nil {
		m.hang(answering, "ResponseHeaders", func(x *exchange) {
			if x.w.status != 0 && x.span.IsRecording() {
				httpconv.Record(x.span, set, x.w.Header())
			}
		})
	}

	for _, f := range c.BeforeEnd {
		m.hang(ending, "BeforeEnd", func(x *exchange) { f(x.span, x.r) })
	}
	for _, f := range c.AfterResponse {
		m.hang(over, "AfterResponse", func(x *exchange) { f(x.ctx) })
	}
}
