package cache

import (
	"context"
	"net/http"

	"github.com/syumai/workers/cloudflare/cache"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/binding"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

// Aliases of the types in cloudflare/cache of syumai/workers.
type (
	CacheOption   = cache.CacheOption
	DeleteOptions = cache.DeleteOptions
	MatchOptions  = cache.MatchOptions
)

// ErrCacheNotFound is the error that Match and Delete return when the cache does not have the response.
var ErrCacheNotFound = cache.ErrCacheNotFound

// Cache is syumai/workers' [cache.Cache] with a span for each of its calls.
type Cache struct{ *cache.Cache }

// New returns the default cache, or the one that [WithNamespace] names.
func New(opts ...CacheOption) *Cache { return &Cache{cache.New(opts...)} }

// WithNamespace is the option of [New] that selects the cache with this name.
func WithNamespace(namespace string) CacheOption { return cache.WithNamespace(namespace) }

// Match looks up the response to req, in a span named "cache match". A miss returns [ErrCacheNotFound] and does not fail the
// span. opts may be nil.
func (c *Cache) Match(req *http.Request, opts *MatchOptions) (*http.Response, error) {
	span := start(req, "cache match", opts != nil && opts.IgnoreMethod)
	defer span.End()
	resp, err := c.Cache.Match(req, opts)
	switch {
	case span == nil:
	case err == ErrCacheNotFound:
		span.SetAttributes(trace.String("cache.response.cache_status", "MISS"))
	case err != nil:
		binding.Fail(span, err)
	default:
		var a httpconv.Attributes
		a.String("cache.response.cache_status", "HIT")
		a.Number("cache.response.status_code", int64(resp.StatusCode), 1)
		a.Header("cache.response.body.size", resp.Header, "Content-Length")
		span.SetAttributes(a.List()...)
	}
	return resp, err
}

// Put stores res as the response to req, in a span named "cache put".
func (c *Cache) Put(req *http.Request, res *http.Response) error {
	span := start(req, "cache put", false)
	defer span.End()
	if res != nil {
		span.SetAttributes(trace.Int("cache.request.payload.status_code", res.StatusCode))
	}
	err := c.Cache.Put(req, res)
	binding.Fail(span, err)
	return err
}

// Delete removes the response to req, in a span named "cache delete". It returns [ErrCacheNotFound] if there is none, which
// does not fail the span. opts may be nil.
func (c *Cache) Delete(req *http.Request, opts *DeleteOptions) error {
	span := start(req, "cache delete", opts != nil && opts.IgnoreMethod)
	defer span.End()
	err := c.Cache.Delete(req, opts)
	if span != nil && (err == nil || err == ErrCacheNotFound) {
		span.SetAttributes(trace.Bool("cache.response.success", err == nil))
	}
	if err != ErrCacheNotFound {
		binding.Fail(span, err)
	}
	return err
}

func start(req *http.Request, operation string, ignoreMethod bool) *trace.Span {
	ctx := context.Background()
	if req != nil {
		ctx = req.Context()
	}
	span := call.Start(ctx, operation, "")
	if span != nil {
		var a httpconv.Attributes
		s := scope.From(ctx)
		a.String("cache.request.method", httpconv.Method(req.Method, s.KnownMethods))
		if req.URL != nil {
			a.String("cache.request.url", s.Redactor.URL(req.URL))
		}
		span.SetAttributes(a.List()...)
		if ignoreMethod {
			span.SetAttributes(trace.Bool("cache.request.ignore_method", true))
		}
	}
	return span
}
