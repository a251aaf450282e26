// Package simple is compute-sdk-go's simple cache with a span for each call. Package platform tells what all twins have in common.
//
// Get has the attributes of a lookup in the core cache, which it is, and [GetOrSet] those of a transaction. Where that calls the
// function for the value, since there is none (miss) or an old one (stale), the ttl is the new value's. Spans of the function are
// children of whatever its own context carries. Its error is returned, and is none of the cache's: the span does not fail.
package simple

import (
	"context"
	"io"
	"time"

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

// GetOrSet is the original's, written again: it keeps its transaction to itself.
func GetOrSet(ctx context.Context, key []byte, setFn func() (CacheEntry, error)) (io.ReadCloser, error) {
	span := start(ctx, "simple_cache get_or_set", key)
	defer span.End()
	var began time.Time
	if span != nil {
		began = time.Now()
	}
	t, err := core.NewTransaction(key, core.LookupOptions{})
	if err != nil {
		cached.Fail(span, err)
		return nil, err
	}
	defer t.Close()
	if span != nil {
		cached.Transacted(span, t, time.Since(began))
	}
	if !t.MustInsertOrUpdate() {
		f, err := t.Found()
		if err != nil {
			cached.Fail(span, err)
			return nil, err
		}
		return f.Body, nil
	}
	entry, err := setFn()
	if err != nil {
		return nil, err
	}
	cached.Writes(span, entry.TTL)
	body, err := insert(t, key, entry)
	cached.Fail(span, err)
	return body, err
}

// insert is what the original does with a value.
func insert(t *core.Transaction, key []byte, entry CacheEntry) (io.ReadCloser, error) {
	w, f, err := t.InsertAndStreamBack(core.WriteOptions{
		TTL:           entry.TTL,
		SurrogateKeys: []string{SurrogateKeyForCacheKey(key, PurgeScopePOP), SurrogateKeyForCacheKey(key, PurgeScopeGlobal)},
	})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	if _, err = io.Copy(w, entry.Body); err == nil {
		err = w.Close()
	}
	if err != nil {
		_ = w.Abandon()
		return nil, err
	}
	return f.Body, nil
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
