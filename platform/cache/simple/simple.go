// Package simple is compute-sdk-go's simple cache with a span for each call. Package platform tells what all twins have in common.
//
// Get has the attributes of a lookup in the core cache, which it is. GetOrSet has the outcome alone, since the original tells no
// more: miss where it called the function for the value, whose spans are children of whatever its own context carries. An error
// of that function is returned, and is none of the cache's: the span does not fail.
package simple

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/cache/core"
	"github.com/fastly/compute-sdk-go/cache/simple"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/platform/internal/cached"
	"github.com/edgespan/edgespan/sdk/trace"
)

// What is the same here and there.
type (
	CacheEntry   = simple.CacheEntry
	PurgeOptions = simple.PurgeOptions
	PurgeScope   = simple.PurgeScope
)

// How far a purge reaches.
const (
	PurgeScopePOP    = simple.PurgeScopePOP
	PurgeScopeGlobal = simple.PurgeScopeGlobal
)

// Get is the original's.
func Get(ctx context.Context, key []byte) (io.ReadCloser, error) {
	span := start(ctx, "simple_cache get", key)
	defer span.End()
	f, err := core.Lookup(key, core.LookupOptions{}) // all that the original does
	cached.Looked(span, f, err)
	if err != nil {
		return nil, err
	}
	return f.Body, nil
}

// GetOrSet is the original's.
func GetOrSet(ctx context.Context, key []byte, setFn func() (CacheEntry, error)) (io.ReadCloser, error) {
	span := start(ctx, "simple_cache get_or_set", key)
	if span == nil {
		return simple.GetOrSet(key, setFn)
	}
	defer span.End()
	outcome, own := "hit", error(nil)
	body, err := simple.GetOrSet(key, func() (entry CacheEntry, err error) {
		outcome = "miss"
		entry, own = setFn()
		return entry, own
	})
	if err == nil || outcome == "miss" {
		span.SetAttributes(trace.String("fastly.cache.outcome", outcome))
	}
	if own == nil {
		cached.Fail(span, err)
	}
	return body, err
}

// GetOrSetEntry is the original's.
func GetOrSetEntry(ctx context.Context, key []byte, entry CacheEntry) (io.ReadCloser, error) {
	return GetOrSet(ctx, key, func() (CacheEntry, error) { return entry, nil })
}

// Purge is the original's.
func Purge(ctx context.Context, key []byte, opts PurgeOptions) error {
	span := start(ctx, "simple_cache purge", key)
	defer span.End()
	err := simple.Purge(key, opts)
	cached.Fail(span, err)
	return err
}

// SurrogateKeyForCacheKey is the original's.
func SurrogateKeyForCacheKey(cacheKey []byte, scope PurgeScope) string {
	return simple.SurrogateKeyForCacheKey(cacheKey, scope)
}

func start(ctx context.Context, operation string, key []byte) *trace.Span {
	span := call.Start(ctx, operation, "")
	call.Key(ctx, span, "fastly.cache.key", key)
	return span
}
