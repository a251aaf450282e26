package send

import (
	"maps"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// outgoing returns a copy of r, with headers of its own, that carries the span context sc as far as Config.Propagation allows.
// The headers are copied because the handler may have passed on its client's. If sc is invalid, there is no span: the copy
// keeps the headers of r that may be sent.
func outgoing(r *http.Request, s *scope.Scope, sc trace.SpanContext) *http.Request {
	c := *r
	if c.Header = maps.Clone(r.Header); c.Header == nil {
		c.Header = http.Header{}
	}
	switch {
	case s.Propagation != nil:
		s.Propagation.Outgoing(&c, sc)
	case sc.IsValid():
		c.Header["Traceparent"] = []string{sc.Traceparent()}
		delete(c.Header, "Tracestate")
		if !sc.TraceState.IsEmpty() {
			c.Header["Tracestate"] = []string{sc.TraceState.String()}
		}
	}
	return &c
}
