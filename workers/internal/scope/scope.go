// Package scope carries what the middleware's Config says of outgoing requests to the twins that make them.
package scope

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/internal/httpconv"
)

// Scope is the middleware's word. It does not change.
type Scope struct {
	Redactor  httpconv.Redactor
	ContextTo func(r *http.Request) bool
}

type key struct{}

// With returns a context below which s holds.
func With(ctx context.Context, s *Scope) context.Context { return context.WithValue(ctx, key{}, s) }

var standard = &Scope{ContextTo: func(*http.Request) bool { return true }}

// From returns what holds below ctx; where no middleware has said anything, the defaults.
func From(ctx context.Context) *Scope {
	if s, ok := ctx.Value(key{}).(*Scope); ok {
		return s
	}
	return standard
}
