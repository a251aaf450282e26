package middleware

import (
	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Option is a [Config]. Pass the Config by value, not as a pointer. Option is an interface so that a service without a Config
// links none of its code.
type Option interface{ apply(m *middleware) }

func (c Config) apply(m *middleware) {
	m.noStackTrace, m.methods = c.NoStackTrace, c.KnownMethods
	m.redactor = httpconv.NewRedactor(c.Redact, c.Reveal)
	if m.tp == nil && c.TrustParent == nil && c.Propagation == nil {
		return
	}
	m.hooks = &configured{
		config:          c,
		tp:              m.tp,
		requestHeaders:  m.redactor.Headers("http.request.header.", c.RequestHeaders),
		responseHeaders: m.redactor.Headers("http.response.header.", c.ResponseHeaders),
	}
}

// configured is a Config prepared for use.
type configured struct {
	config          Config
	tp              *trace.TracerProvider
	requestHeaders  []httpconv.CapturedHeader
	responseHeaders []httpconv.CapturedHeader

	_ [0]func() // forbids ==, whose code would be linked
}
