package r2

import (
	"context"
	"io"

	"github.com/syumai/workers/cloudflare/r2"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/binding"
)

// Aliases of the types in cloudflare/r2 of syumai/workers.
type (
	HTTPMetadata = r2.HTTPMetadata
	Object       = r2.Object
	Objects      = r2.Objects
	PutOptions   = r2.PutOptions
)

// Bucket is syumai/workers' [r2.Bucket] with a span for each of its calls.
type Bucket struct {
	*r2.Bucket
	ctx  context.Context
	name string
}

// NewBucket returns the bucket that is bound to the variable varName. The spans of its calls are children of the span in ctx.
// It returns an error if there is no such binding.
func NewBucket(ctx context.Context, varName string) (*Bucket, error) {
	b, err := r2.NewBucket(varName)
	if err != nil {
		return nil, err
	}
	return &Bucket{b, ctx, varName}, nil
}

// WithContext returns a copy of the bucket whose spans are children of the span in ctx.
func (b *Bucket) WithContext(ctx context.Context) *Bucket { return &Bucket{b.Bucket, ctx, b.name} }

// Head returns an object's metadata, in a span named "head" and the binding. It returns nil if there is no such object, which
// does not fail the span.
func (b *Bucket) Head(key string) (*Object, error) {
	span := b.start("head", "HeadObject", key)
	defer span.End()
	object, err := b.Bucket.Head(key)
	found(span, object, err)
	return object, err
}

// Get returns an object, in a span named "get" and the binding. The span covers the call, not what you read from the body
// later. It returns nil if there is no such object, which does not fail the span.
func (b *Bucket) Get(key string) (*Object, error) {
	span := b.start("get", "GetObject", key)
	defer span.End()
	object, err := b.Bucket.Get(key)
	found(span, object, err)
	return object, err
}

// Put stores an object, in a span named "put" and the binding. The span includes the time to read the value.
func (b *Bucket) Put(key string, value io.ReadCloser, opts *PutOptions) (*Object, error) {
	span := b.start("put", "PutObject", key)
	defer span.End()
	object, err := b.Bucket.Put(key, value, opts)
	if err == nil && object != nil {
		span.SetAttributes(trace.Int("cloudflare.r2.response.size", object.Size))
	}
	binding.Fail(span, err)
	return object, err
}

// Delete removes an object, in a span named "delete" and the binding.
func (b *Bucket) Delete(key string) error {
	span := b.start("delete", "DeleteObject", key)
	defer span.End()
	err := b.Bucket.Delete(key)
	binding.Fail(span, err)
	return err
}

// List lists the bucket's objects, in a span named "list" and the binding.
func (b *Bucket) List() (*Objects, error) {
	span := b.start("list", "ListObjects", "")
	defer span.End()
	objects, err := b.Bucket.List()
	switch {
	case span == nil:
	case err != nil:
		binding.Fail(span, err)
	default:
		span.SetAttributes(trace.Int("cloudflare.r2.response.returned_objects", len(objects.Objects)),
			trace.Bool("cloudflare.r2.response.truncated", objects.Truncated))
	}
	return objects, err
}

func (b *Bucket) start(operation, api, key string) *trace.Span {
	span := binding.Start(b.ctx, operation, "R2", b.name, trace.String("cloudflare.r2.operation", api))
	if key != "" {
		call.Key(b.ctx, span, "cloudflare.r2.request.key", key)
	}
	return span
}

// found records whether there is an object, and its size. A missing object is not an error.
func found(span *trace.Span, object *Object, err error) {
	switch {
	case span == nil:
	case err != nil:
		binding.Fail(span, err)
	case object == nil:
		span.SetAttributes(trace.Bool("cloudflare.r2.response.found", false))
	default:
		span.SetAttributes(trace.Bool("cloudflare.r2.response.found", true), trace.Int("cloudflare.r2.response.size", object.Size))
	}
}
