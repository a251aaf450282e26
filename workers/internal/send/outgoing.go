package send

import (
	"maps"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// outgoing returns a copy of r with headers of its own, since they may be the client's, passed on: with the context of sc, or without any
// where Config.ContextTo says no. Where sc is not valid, since there is no span, r keeps what it has and may have.
func outgoing(r *http.Request, s *scope.Scope, sc trace.SpanContext) *http.Request {
	c := *r
	if c.Header = maps.Clone(r.Header); c.Header == nil {
		c.Header = http.Header{}
	}
	mayHave := s.ContextTo(r)
	if s.Propagation != nil {
		s.Propagation.Outgoing(&c, sc, mayHave)
		return &c
	}
	if sc.IsValid() || !mayHave {
		delete(c.Header, "Traceparent")
		delete(c.Header, "Tracestate")
	}
	if sc.IsValid() && mayHave {
		c.Header["Traceparent"] = []string{sc.Traceparent()}
		if !sc.TraceState.IsEmpty() {
			c.Header["Tracestate"] = []string{sc.TraceState.String()}
		}
	}
	return &c
}
