// Package platform is about the packages below it: twins of those of compute-sdk-go whose calls show in the trace.
//
//	import "github.com/edgespan/edgespan/platform/kvstore" // in place of compute-sdk-go's
//
//	store, err := kvstore.Open(ctx, "products")
//	entry, err := store.Lookup("7") // a CLIENT span, "get products"
//
// One rule holds for all of them: a function of the package takes a context first, a method has the signature that it has in
// compute-sdk-go. A value remembers the context that it was made with, and WithContext returns it for another one, so that a
// store opened once serves many requests. Types without calls of their own, errors and constants are aliases of the
// original's, and each wrapper embeds the original value. A wrapper does not change, so goroutines may share it where they may share
// the original.
//
// A span covers the call, from when it is made to when it returns; what is read from a body later belongs to whoever reads it.
// What is absent is not an error. A failed call is: error.type is its status in Fastly's words ("inval", "too_many_requests"), and
// "not_found" for a store that does not exist, and in place of "none". docs/platform.md lists them.
// Opening makes no span unless it fails. Keys, addresses and the like are recorded only with [WithKeys], values never. Where
// nothing is recorded the call is all that happens.
package platform

import (
	"context"

	"github.com/edgespan/edgespan/internal/call"
)

// WithKeys returns a context below which spans tell what was asked for: keys of stores and caches, surrogate keys, addresses,
// entries of rate counters.
func WithKeys(ctx context.Context) context.Context { return call.WithKeys(ctx) }
