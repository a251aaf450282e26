package send

import (
	"maps"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// outgoing returns a copy of r with headers of its own, since they may be the client's, passed on: with the context of sc, as far as
// Config.Propagation lets it out. Where sc is not valid, since there is no span, r keeps what it has and may have.
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
