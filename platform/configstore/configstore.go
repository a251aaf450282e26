// Package configstore is compute-sdk-go's configstore with a span for each call. Package platform tells what all twins have in common.
//
// The span has fastly.config_store.name and fastly.config_store.found, and fastly.config_store.key with platform.WithKeys. Values are never recorded.
package configstore

import (
	"context"

	"github.com/fastly/compute-sdk-go/configstore"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The original's errors.
var (
	ErrStoreNotFound    = configstore.ErrStoreNotFound
	ErrStoreNameEmpty   = configstore.ErrStoreNameEmpty
	ErrStoreNameInvalid = configstore.ErrStoreNameInvalid
	ErrStoreNameTooLong = configstore.ErrStoreNameTooLong
	ErrKeyNotFound      = configstore.ErrKeyNotFound
	ErrUnexpected       = configstore.ErrUnexpected
)

// Store is a config store whose calls have spans.
type Store struct {
	*configstore.Store
	ctx  context.Context
	name string
}

// Open is the original's. What is read is a child of the span that ctx carries.
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

// WithContext returns s for calls below another span.
func (s *Store) WithContext(ctx context.Context) *Store {
	if s == nil {
		return nil
	}
	return &Store{s.Store, ctx, s.name}
}

// Get is the original's.
func (s *Store) Get(key string) (string, error) {
	value, err := s.GetBytes(key)
	return string(value), err
}

// GetBytes is the original's.
func (s *Store) GetBytes(key string) ([]byte, error) {
	if s == nil {
		return nil, ErrKeyNotFound // as the original
	}
	span := s.start("config_store get", key)
	defer span.End()
	value, err := s.Store.GetBytes(key)
	if span != nil {
		fail(span, call.Found(span, "fastly.config_store.found", err, ErrKeyNotFound))
	}
	return value, err
}

// Has is the original's.
func (s *Store) Has(key string) (bool, error) {
	if s == nil {
		return false, ErrKeyNotFound // as the original
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
