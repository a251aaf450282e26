// Package scope carries what the middleware's Config says of outgoing requests to the twins that make them.
package scope

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Scope is the middleware's word. It does not change.
type Scope struct {
	Redactor     httpconv.Redactor
	KnownMethods []string
	Propagation  Propagation // nil for W3C Trace Context to all
}

// Propagation is how the trace's context and baggage travel.
type Propagation interface {
	// Extract reads the headers of the request that is served. decides says that its sender is trusted, and has said whether it is sampled.
	Extract(ctx context.Context, h http.Header, trusted bool) (_ context.Context, parent trace.SpanContext, decides bool)
	// Outgoing writes and removes headers of a request that is about to leave, which are nobody else's. sc is not valid where there is no span.
	Outgoing(r *http.Request, sc trace.SpanContext)
}

type key struct{}

// With returns a context below which s holds.
func With(ctx context.Context, s *Scope) context.Context { return context.WithValue(ctx, key{}, s) }

var standard = new(Scope)

// From returns what holds below ctx; where no middleware has said anything, the defaults.
func From(ctx context.Context) *Scope {
	if s, ok := ctx.Value(key{}).(*Scope); ok {
		return s
	}
	return standard
}
