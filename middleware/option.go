package middleware

import (
	"time"

	"github.com/edgespan/edgespan/internal/httpconv"
)

// Option is a Config, behind an interface so that who gives none links none of what it can do.
type Option interface{ apply(m *middleware) }

// apply hangs what c asks for on the moments of a request, in the order in which it is called.
func (c Config) apply(m *middleware) {
	m.noStackTrace = c.NoStackTrace
	m.redactor = httpconv.NewRedactor(c.Redact, c.Reveal)
	var sends sending
	var h hooks
	hang := func(at moment, name string, f func(x *exchange)) { h[at] = append(h[at], guarded(m.tp, name, f)) }

	if c.Filter != nil && m.tp != nil {
		hang(arriving, "Filter", func(x *exchange) { x.untraced = !c.Filter(x.r) })
	}
	if c.TrustParent != nil { // traced or not, since it may take a secret away
		hang(arriving, "TrustParent", func(x *exchange) { x.trusted = c.TrustParent(x.r) })
	}
	if c.Propagation != nil {
		hang(arriving, "Propagation", func(x *exchange) {
			x.ctx, x.extracted = &x.below, true
			c.Propagation.extract(x)
		})
		sends.inject = guarded(m.tp, "Propagation", func(out *outbound) { c.Propagation.inject(out) })
	}

	if c.Route != nil {
		hang(starting, "Route", func(x *exchange) { x.route = c.Route(x.r) })
	}
	if len(c.OnHeaders) > 0 {
		hang(starting, "OnHeaders", func(x *exchange) { x.begun = time.Now() })
	}

	if set := m.redactor.Headers("http.request.header.", c.RequestHeaders); set != nil {
		hang(recording, "RequestHeaders", func(x *exchange) { httpconv.Record(x.span, set, x.r.Header) })
	}
	for _, f := range c.OnRequest {
		hang(recording, "OnRequest", func(x *exchange) { f(x.span, x.r) })
	}

	for _, f := range c.OnBackend {
		sends.answered = append(sends.answered, guarded(m.tp, "OnBackend", func(out *outbound) { f(out.span, out.resp) }))
	}

	for _, f := range c.OnHeaders {
		hang(answering, "OnHeaders", func(x *exchange) { f(x.ctx, x.w.Header()) })
	}
	if set := m.redactor.Headers("http.response.header.", c.ResponseHeaders); set != nil {
		hang(answering, "ResponseHeaders", func(x *exchange) {
			if x.w.status != 0 && x.span.IsRecording() {
				httpconv.Record(x.span, set, x.w.Header())
			}
		})
	}

	for _, f := range c.BeforeEnd {
		hang(ending, "BeforeEnd", func(x *exchange) { f(x.span, x.r) })
	}
	for _, f := range c.AfterResponse {
		hang(over, "AfterResponse", func(x *exchange) { f(x.ctx) })
	}

	m.sending = sends
	if m.tp != nil || h[arriving] != nil {
		m.hook = h.call
	}
}
