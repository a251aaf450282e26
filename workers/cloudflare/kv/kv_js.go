package kv

import (
	"context"
	"io"

	"github.com/syumai/workers/cloudflare/kv"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers/internal/binding"
)

// Aliases of the types in cloudflare/kv of syumai/workers.
type (
	GetOptions  = kv.GetOptions
	ListKey     = kv.ListKey
	ListOptions = kv.ListOptions
	ListResult  = kv.ListResult
	PutOptions  = kv.PutOptions
)

// Namespace is syumai/workers' [kv.Namespace] with a span for each of its calls.
type Namespace struct {
	*kv.Namespace
	ctx  context.Context
	name string
}

// NewNamespace returns the namespace that is bound to the variable varName. The spans of its calls are children of the span in
// ctx. It returns an error if there is no such binding.
func NewNamespace(ctx context.Context, varName string) (*Namespace, error) {
	ns, err := kv.NewNamespace(varName)
	if err != nil {
		return nil, err
	}
	return &Namespace{ns, ctx, varName}, nil
}

// WithContext returns a copy of the namespace whose spans are children of the span in ctx.
func (ns *Namespace) WithContext(ctx context.Context) *Namespace {
	return &Namespace{ns.Namespace, ctx, ns.name}
}

// GetString returns the value of key as a string, in a span named "get" and the binding. syumai/workers returns "<null>" for a
// key that does not exist. opts may be nil.
func (ns *Namespace) GetString(key string, opts *GetOptions) (string, error) {
	span := ns.start("get", key)
	defer span.End()
	value, err := ns.Namespace.GetString(key, opts)
	switch {
	case span == nil:
	case err != nil:
		binding.Fail(span, err)
	case value == "<null>":
		span.SetAttributes(trace.Int("db.response.returned_rows", 0))
	default:
		span.SetAttributes(trace.Int("db.response.returned_rows", 1), trace.Int("cloudflare.kv.response.size", len(value)))
	}
	return value, err
}

// GetReader returns a reader of the value of key, in a span named "get" and the binding. The span covers the call, not what you
// read later. opts may be nil.
func (ns *Namespace) GetReader(key string, opts *GetOptions) (io.Reader, error) {
	span := ns.start("get", key)
	defer span.End()
	value, err := ns.Namespace.GetReader(key, opts)
	binding.Fail(span, err)
	return value, err
}

// PutString stores a string, in a span named "put" and the binding. opts may be nil.
func (ns *Namespace) PutString(key, value string, opts *PutOptions) error {
	span := ns.start("put", key)
	defer span.End()
	span.SetAttributes(trace.Int("cloudflare.kv.query.payload.size", len(value)))
	err := ns.Namespace.PutString(key, value, opts)
	binding.Fail(span, err)
	return err
}

// PutReader stores what it reads from value, in a span named "put" and the binding. opts may be nil.
func (ns *Namespace) PutReader(key string, value io.Reader, opts *PutOptions) error {
	span := ns.start("put", key)
	defer span.End()
	err := ns.Namespace.PutReader(key, value, opts)
	binding.Fail(span, err)
	return err
}

// Delete removes key, in a span named "delete" and the binding.
func (ns *Namespace) Delete(key string) error {
	span := ns.start("delete", key)
	defer span.End()
	err := ns.Namespace.Delete(key)
	binding.Fail(span, err)
	return err
}

// List lists keys, in a span named "list" and the binding. The prefix is recorded only if keys are: see workers.WithKeys. opts
// may be nil.
func (ns *Namespace) List(opts *ListOptions) (*ListResult, error) {
	span := ns.start("list", "")
	defer span.End()
	if opts != nil && opts.Prefix != "" {
		call.Key(ns.ctx, span, "cloudflare.kv.query.prefix", opts.Prefix)
	}
	result, err := ns.Namespace.List(opts)
	switch {
	case span == nil:
	case err != nil:
		binding.Fail(span, err)
	default:
		span.SetAttributes(trace.Int("db.response.returned_rows", len(result.Keys)),
			trace.Bool("cloudflare.kv.response.list_complete", result.ListComplete))
	}
	return result, err
}

func (ns *Namespace) start(operation, key string) *trace.Span {
	span := binding.StartDB(ns.ctx, operation, "cloudflare-kv", "KV", ns.name)
	if key != "" {
		call.Key(ns.ctx, span, "cloudflare.kv.query.keys", key)
	}
	return span
}
