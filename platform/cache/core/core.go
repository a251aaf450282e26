// Package core is compute-sdk-go's core cache with a span for each call. Package platform tells what all twins have in common.
//
// A lookup has fastly.cache.outcome (hit, stale, miss) and, of what was found, age and ttl in seconds and fastly.cache.stale. In a
// transaction fastly.cache.collapsed tells whether the object came while the lookup waited for somebody else to make it. The
// key comes with platform.WithKeys.
package core

import (
	"context"
	"time"

	"github.com/fastly/compute-sdk-go/cache/core"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/platform/internal/cached"
	"github.com/edgespan/edgespan/sdk/trace"
)

// What is the same here and there.
type (
	Found               = core.Found
	LookupOptions       = core.LookupOptions
	WriteCloseAbandoner = core.WriteCloseAbandoner
	WriteOptions        = core.WriteOptions
)

// The original's errors.
var (
	ErrNotFound         = core.ErrNotFound
	ErrInvalidArgument  = core.ErrInvalidArgument
	ErrInvalidOperation = core.ErrInvalidOperation
	ErrLimitExceeded    = core.ErrLimitExceeded
	ErrUnsupported      = core.ErrUnsupported
	ErrUnexpected       = core.ErrUnexpected
)

// Lookup is the original's.
func Lookup(ctx context.Context, key []byte, opts LookupOptions) (*Found, error) {
	span := start(ctx, "cache lookup", key)
	defer span.End()
	f, err := core.Lookup(key, opts)
	cached.Looked(span, f, err)
	return f, err
}

// Insert is the original's. The span ends when the cache is ready to take the object.
func Insert(ctx context.Context, key []byte, opts WriteOptions) (WriteCloseAbandoner, error) {
	span := start(ctx, "cache insert", key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	w, err := core.Insert(key, opts)
	cached.Fail(span, err)
	return w, err
}

// Transaction is a transaction whose calls have spans.
type Transaction struct {
	*core.Transaction
	ctx context.Context
	key []byte
}

// NewTransaction is the original's. The span is as long as the lookup, and so as the wait for somebody else's insert.
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

// WithContext returns the transaction for calls below another span.
func (t *Transaction) WithContext(ctx context.Context) *Transaction {
	return &Transaction{t.Transaction, ctx, t.key}
}

// Insert is the original's. The span ends when the cache is ready to take the object.
func (t *Transaction) Insert(opts WriteOptions) (WriteCloseAbandoner, error) {
	span := start(t.ctx, "cache insert", t.key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	w, err := t.Transaction.Insert(opts)
	cached.Fail(span, err)
	return w, err
}

// InsertAndStreamBack is the original's, in a span as that of [Insert].
func (t *Transaction) InsertAndStreamBack(opts WriteOptions) (WriteCloseAbandoner, *Found, error) {
	span := start(t.ctx, "cache insert", t.key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	w, f, err := t.Transaction.InsertAndStreamBack(opts)
	cached.Fail(span, err)
	return w, f, err
}

// Update is the original's.
func (t *Transaction) Update(opts WriteOptions) error {
	span := start(t.ctx, "cache update", t.key)
	defer span.End()
	cached.Writes(span, opts.TTL)
	err := t.Transaction.Update(opts)
	cached.Fail(span, err)
	return err
}

// Cancel is the original's.
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
