// Package simple is a drop-in replacement for the simple cache of compute-sdk-go that records a span for each call. Package
// platform describes the rules that all wrapper packages share.
//
//	body, err := simple.GetOrSet(ctx, []byte("banner"), render) // a CLIENT span, "simple_cache get_or_set"
//
// The span of [Get] has the attributes of a lookup in the core cache, and the span of [GetOrSet] those of a transaction: see
// package core. If GetOrSet calls its function, because there is no object (miss) or an old one (stale), fastly.cache.ttl is
// that of the new value. Spans that the function starts are children of the span in the context that the function uses. If the
// function returns an error, GetOrSet returns it; the span does not fail, since the cache did not.
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

// Aliases of the types in compute-sdk-go's cache/simple.
type (
	CacheEntry   = simple.CacheEntry
	PurgeOptions = simple.PurgeOptions
	PurgeScope   = simple.PurgeScope
)

// The scopes of a purge.
const (
	PurgeScopePOP    = simple.PurgeScopePOP
	PurgeScopeGlobal = simple.PurgeScopeGlobal
)

// Get returns the object with this key. A miss returns core.ErrNotFound, which does not fail the span.
func Get(ctx context.Context, key []byte) (io.ReadCloser, error) {
	span := start(ctx, "simple_cache get", key)
	defer span.End()
	f, err := core.Lookup(key, core.LookupOptions{}) // compute-sdk-go's Get does only this
	cached.Looked(span, f, err)
	if err != nil {
		return nil, err
	}
	return f.Body, nil
}

// GetOrSet returns the object with this key. If there is none, or a stale one, it calls setFn and inserts the value that setFn
// returns. The code is written anew, since compute-sdk-go's GetOrSet does not give access to its transaction.
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

// insert inserts a value as compute-sdk-go does.
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

// GetOrSetEntry returns the object with this key. If there is none, or a stale one, it inserts entry.
func GetOrSetEntry(ctx context.Context, key []byte, entry CacheEntry) (io.ReadCloser, error) {
	return GetOrSet(ctx, key, func() (CacheEntry, error) { return entry, nil })
}

// Purge removes the object with this key from the cache.
func Purge(ctx context.Context, key []byte, opts PurgeOptions) error {
	span := start(ctx, "simple_cache purge", key)
	defer span.End()
	err := simple.Purge(key, opts)
	cached.Fail(span, err)
	return err
}

// SurrogateKeyForCacheKey returns the surrogate key of the object with this key.
func SurrogateKeyForCacheKey(cacheKey []byte, scope PurgeScope) string {
	return simple.SurrogateKeyForCacheKey(cacheKey, scope)
}

func start(ctx context.Context, operation string, key []byte) *trace.Span {
	span := call.Start(ctx, operation, "")
	call.Key(ctx, span, "fastly.cache.key", key)
	return span
}
