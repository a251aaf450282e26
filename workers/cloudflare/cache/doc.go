// Package cache is syumai/workers' cloudflare/cache with a span for each call, a child of the span in the request's context.
// Package workers tells what all twins have in common.
//
// cache.response.cache_status is "HIT" or "MISS" for a match. That there is nothing is no failure. The URL is redacted as those of
// requests are.
package cache
