// Package platform documents the packages below it. They are drop-in replacements for packages of compute-sdk-go that record a
// span for each call to the platform: KV, config and secret stores, edge dictionaries, caches, purges, geolocation, device
// detection, ACLs, rate limits, backends and shields.
//
//	import "github.com/edgespan/edgespan/platform/kvstore" // was github.com/fastly/compute-sdk-go/kvstore
//
//	store, err := kvstore.Open(ctx, "products")
//	entry, err := store.Lookup("7") // a CLIENT span, "get products"
//
// # Rules
//
// Functions of a wrapper package take a context as an additional first argument; methods keep the signatures of compute-sdk-go.
// A value such as a store remembers the context that it was opened with, and the spans of its calls are children of the span in
// that context. WithContext returns a copy for another context, so you can open a store once and use it for many requests. Each
// wrapper type embeds the original value. Types that have no calls of their own, errors and constants are aliases. A wrapper is
// immutable, so goroutines may share it if they may share the original value.
//
// A span covers the call, from its start until it returns. Reading a body afterwards is not a part of it. Opening a store
// records a span only if it fails. If there is no span in the context, or it is not sampled, the wrapper only makes the
// original call.
//
// A missing key, entry or object does not fail the span. Any other error does: error.type is Fastly's status, such as "inval"
// or "too_many_requests". A store that does not exist is "not_found", as is Fastly's status "none". docs/platform.md lists all
// statuses.
//
// Keys, addresses and similar arguments are recorded only with [WithKeys]. Values are never recorded.
package platform

import (
	"context"

	"github.com/edgespan/edgespan/internal/call"
)

// WithKeys returns a copy of ctx. Below it, spans record the arguments of calls, which they do not record by default: keys of
// stores and caches, surrogate keys, addresses, User-Agents and entries of rate counters.
func WithKeys(ctx context.Context) context.Context { return call.WithKeys(ctx) }
