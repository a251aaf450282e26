// Package scope carries the parts of the middleware's Config that concern outgoing requests to the wrapper packages that send
// them.
package scope

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Scope is the configuration for outgoing requests. It is never modified.
type Scope struct {
	Redactor     httpconv.Redactor
	KnownMethods []string
	Propagation  Propagation // nil sends W3C Trace Context with every request
}

// Propagation reads and writes the headers of the trace's context and of baggage.
type Propagation interface {
	// Extract reads the headers of the request that is being served. decides reports that its sender is trusted and has made a
	// sampling decision.
	Extract(ctx context.Context, h http.Header, trusted bool) (_ context.Context, parent trace.SpanContext, decides bool)
	// Outgoing changes the headers of a request that is about to be sent; r.Header must not be shared. An invalid sc means that
	// there is no span.
	Outgoing(r *http.Request, sc trace.SpanContext)
}

type key struct{}

// With returns a context in which From finds s.
func With(ctx context.Context, s *Scope) context.Context { return context.WithValue(ctx, key{}, s) }

var standard = new(Scope)

// From returns the Scope in ctx, or the defaults if no middleware has put one there.
func From(ctx context.Context) *Scope {
	if s, ok := ctx.Value(key{}).(*Scope); ok {
		return s
	}
	return standard
}
