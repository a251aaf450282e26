// Package r2 is a drop-in replacement for cloudflare/r2 of syumai/workers that records a span for each call to an R2 bucket.
//
//	import "github.com/edgespan/edgespan/workers/cloudflare/r2" // was github.com/syumai/workers/cloudflare/r2
//
//	files, err := r2.NewBucket(ctx, "FILES")
//	object, err := files.Get("logo.svg") // a CLIENT span, "get FILES"
//
// A span's name is the operation and the binding. cloudflare.r2.operation is the operation's name in R2's own API, such as
// GetObject. The object's key is recorded, as cloudflare.r2.request.key, only if the context comes from workers.WithKeys. The
// documentation of package workers has the rules that all wrapper packages share.
package r2
