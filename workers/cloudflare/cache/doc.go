// Package cache is a drop-in replacement for cloudflare/cache of syumai/workers that records a span for each call to
// Cloudflare's Cache API. The span is a child of the span in the request's context.
//
//	import "github.com/edgespan/edgespan/workers/cloudflare/cache" // was github.com/syumai/workers/cloudflare/cache
//
//	resp, err := cache.New().Match(r, nil) // a CLIENT span, "cache match"
//
// The attribute cache.response.cache_status of a match is "HIT" or "MISS". A miss is not an error. Secrets in cache.request.url
// are redacted as workers.Config.Redact describes. The documentation of package workers has the rules that all wrapper packages
// share.
package cache
