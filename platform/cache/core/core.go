// Package core is a drop-in replacement for the core cache of compute-sdk-go that records a span for each call. Package
// platform describes the rules that all wrapper packages share.
//
//	found, err := core.Lookup(ctx, []byte("banner"), core.LookupOptions{}) // a CLIENT span, "cache lookup"
//
// The span of a lookup has fastly.cache.outcome (hit, stale or miss). If an object was found, it also has fastly.cache.age and
// fastly.cache.ttl, in whole seconds, and fastly.cache.stale. In a transaction, fastly.cache.collapsed reports whether another
// request inserted the object while this one waited. The key is recorded only if the context comes from platform.WithKeys.
package core

import (
	"context"
	"time"

	"github.com/fastly/compute-sdk-go/cache/core"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/platform/internal/cached"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Aliases of the types in compute-sdk-go's cache/core.
type (
	Found               = core.Found
	LookupOptions       = core.LookupOptions
	WriteCloseAbandoner = core.WriteCloseAbandoner
	WriteOptions        = core.WriteOptions
)

// The errors of compute-sdk-go's core cache.
var (
	ErrNotFound         = core.ErrNotFound
	ErrInvalidArgument  = core.ErrInvalidArgument
	ErrInvalidOperation = core.ErrInvalidOperation
	ErrLimitExceeded    = core.ErrLimitExceeded
	ErrUnsupported      = core.ErrUnsupported
	ErrUnexpected       = core.ErrUnexpected
)

// Lookup looks up an object. A miss returns [ErrNotFound], which does not fail the span.
func Lookup(ctx context.Context, key []byte, opts LookupOptions) (*Found, error) {
	span := start(ctx, "cache lookup", key)
	defer span.End()
	f, err := core.Lookup(key, opts)
	cached.Looked(span, f, err)
	return f, err
}

// Insert inserts an object. The span ends when the cache is ready to receive the body, before you write it.
func Insert(ctx context.Context, key []byte, opts WriteOptions) (WriteCloseAbandoner, error) {
	span := start(ctx, "cache insert", key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	w, err := core.Insert(key, opts)
	cached.Fail(span, err)
	return w, err
}

// Transaction is compute-sdk-go's [core.Transaction] with a span for each of its calls.
type Transaction struct {
	*core.Transaction
	ctx context.Context
	key []byte
}

// NewTransaction looks up an object in a transaction. The span includes the time during which the lookup waits for another
// request's insert.
func NewTransaction(ctx context.Context, key []byte, opts LookupOptions) (*Transaction, error) {
	span := start(ctx, "cache transaction", key)
	defer span.End()
	var began time.Time
	if span != nil {
		began = time.Now()
	}
	t, err := core.NewTransaction(key, opts)
	if err != nil {
		cached.Fail(span, err)
		return nil, err
	}
	if span != nil {
		cached.Transacted(span, t, time.Since(began))
	}
	return &Transaction{t, ctx, key}, nil
}

// WithContext returns a copy of the transaction whose spans are children of the span in ctx.
func (t *Transaction) WithContext(ctx context.Context) *Transaction {
	return &Transaction{t.Transaction, ctx, t.key}
}

// Insert inserts the object. The span ends when the cache is ready to receive the body, before you write it.
func (t *Transaction) Insert(opts WriteOptions) (WriteCloseAbandoner, error) {
	span := start(t.ctx, "cache insert", t.key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	w, err := t.Transaction.Insert(opts)
	cached.Fail(span, err)
	return w, err
}

// InsertAndStreamBack inserts the object and returns it for reading. Its span ends like that of [Transaction.Insert].
func (t *Transaction) InsertAndStreamBack(opts WriteOptions) (WriteCloseAbandoner, *Found, error) {
	span := start(t.ctx, "cache insert", t.key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	w, f, err := t.Transaction.InsertAndStreamBack(opts)
	cached.Fail(span, err)
	return w, f, err
}

// Update updates the metadata of a stale object.
func (t *Transaction) Update(opts WriteOptions) error {
	span := start(t.ctx, "cache update", t.key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	err := t.Transaction.Update(opts)
	cached.Fail(span, err)
	return err
}

// Cancel gives up the obligation to insert or update the object. You still have to call Close.
func (t *Transaction) Cancel() error {
	span := start(t.ctx, "cache cancel", t.key)
	defer span.End()
	err := t.Transaction.Cancel()
	cached.Fail(span, err)
	return err
}

func start(ctx context.Context, operation string, key []byte) *trace.Span {
	span := call.Start(ctx, operation, "")
	call.Key(ctx, span, "fastly.cache.key", key)
	return span
}
