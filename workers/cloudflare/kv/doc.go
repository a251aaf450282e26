// Package kv is a drop-in replacement for cloudflare/kv of syumai/workers that records a span for each call to a KV namespace.
// The spans follow the conventions for databases, https://opentelemetry.io/docs/specs/semconv/database/database-spans/.
//
//	import "github.com/edgespan/edgespan/workers/cloudflare/kv" // was github.com/syumai/workers/cloudflare/kv
//
//	items, err := kv.NewNamespace(ctx, "ITEMS")
//	name, err := items.GetString("7", nil) // a CLIENT span, "get ITEMS"
//
// A span's name is the operation and the binding. db.response.returned_rows is 1 if the key was found and 0 if it was not. The
// key is recorded, as cloudflare.kv.query.keys, only if the context comes from workers.WithKeys. The documentation of package
// workers has the rules that all wrapper packages share.
package kv
