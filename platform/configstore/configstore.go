// Package configstore is a drop-in replacement for package configstore of compute-sdk-go that records a span for each call.
// Package platform describes the rules that all wrapper packages share.
//
//	store, err := configstore.Open(ctx, "settings")
//	currency, err := store.Get("currency") // a CLIENT span, "config_store get settings"
//
// The span has fastly.config_store.name and fastly.config_store.found. The key is recorded, as fastly.config_store.key, only if
// the context comes from platform.WithKeys. Values are never recorded.
package configstore

import (
	"context"

	"github.com/fastly/compute-sdk-go/configstore"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The errors of compute-sdk-go's configstore.
var (
	ErrStoreNotFound    = configstore.ErrStoreNotFound
	ErrStoreNameEmpty   = configstore.ErrStoreNameEmpty
	ErrStoreNameInvalid = configstore.ErrStoreNameInvalid
	ErrStoreNameTooLong = configstore.ErrStoreNameTooLong
	ErrKeyNotFound      = configstore.ErrKeyNotFound
	ErrUnexpected       = configstore.ErrUnexpected
)

// Store is compute-sdk-go's [configstore.Store] with a span for each of its calls.
type Store struct {
	*configstore.Store
	ctx  context.Context
	name string
}

// Open opens the config store with this name. The spans of its calls are children of the span in ctx.
func Open(ctx context.Context, name string) (*Store, error) {
	s, err := configstore.Open(name)
	if err != nil {
		span := start(ctx, "config_store open", name)
		fail(span, err)
		span.End()
		return nil, err
	}
	return &Store{s, ctx, name}, nil
}

// WithContext returns a copy of the store whose spans are children of the span in ctx.
func (s *Store) WithContext(ctx context.Context) *Store {
	if s == nil {
		return nil
	}
	return &Store{s.Store, ctx, s.name}
}

// Get returns the value of key. If there is none it returns [ErrKeyNotFound], which does not fail the span.
func (s *Store) Get(key string) (string, error) {
	value, err := s.GetBytes(key)
	return string(value), err
}

// GetBytes returns the value of key. If there is none it returns [ErrKeyNotFound], which does not fail the span.
func (s *Store) GetBytes(key string) ([]byte, error) {
	if s == nil {
		return nil, ErrKeyNotFound // as compute-sdk-go does
	}
	span := s.start("config_store get", key)
	defer span.End()
	value, err := s.Store.GetBytes(key)
	if span != nil {
		fail(span, call.Found(span, "fastly.config_store.found", err, ErrKeyNotFound))
	}
	return value, err
}

// Has reports whether key exists.
func (s *Store) Has(key string) (bool, error) {
	if s == nil {
		return false, ErrKeyNotFound // as compute-sdk-go does
	}
	span := s.start("config_store has", key)
	defer span.End()
	ok, err := s.Store.Has(key)
	switch {
	case span == nil:
	case err == nil || err == ErrKeyNotFound:
		span.SetAttributes(trace.Bool("fastly.config_store.found", ok))
	default:
		fail(span, err)
	}
	return ok, err
}

func (s *Store) start(operation, key string) *trace.Span {
	span := start(s.ctx, operation, s.name)
	call.Key(s.ctx, span, "fastly.config_store.key", key)
	return span
}

func start(ctx context.Context, operation, name string) *trace.Span {
	span := call.Start(ctx, operation, name)
	if span != nil {
		span.SetAttributes(trace.String("fastly.config_store.name", name))
	}
	return span
}

func fail(span *trace.Span, err error) {
	if err == nil || span == nil {
		return
	}
	call.Fail(span, err,
		call.Status{Err: ErrStoreNotFound, Name: "not_found"},
		call.Status{Err: ErrStoreNameEmpty, Name: "not_found"},
		call.Status{Err: ErrStoreNameTooLong, Name: "unsupported"},
		call.Status{Err: ErrStoreNameInvalid, Name: "inval"},
		call.Status{Err: ErrUnexpected, Name: "error"},
	)
}
