// Package kvstore is a drop-in replacement for package kvstore of compute-sdk-go that records a span for each call. The spans
// follow the conventions for databases, https://opentelemetry.io/docs/specs/semconv/database/database-spans/. Package platform
// describes the rules that all wrapper packages share.
//
//	store, err := kvstore.Open(ctx, "products")
//	entry, err := store.Lookup("7") // a CLIENT span, "get products"
//
// A span's name is the operation and the store. db.response.returned_rows is 1 if a lookup found the key and 0 if it did not. A
// delete has fastly.kv_store.found instead. The key is recorded, as fastly.kv_store.key, only if the context comes from
// platform.WithKeys.
package kvstore

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/kvstore"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Aliases of the types in compute-sdk-go's kvstore.
type (
	Entry           = kvstore.Entry
	InsertConfig    = kvstore.InsertConfig
	InsertMode      = kvstore.InsertMode
	ListConfig      = kvstore.ListConfig
	ListConsistency = kvstore.ListConsistency
	ListMetadata    = kvstore.ListMetadata
	ListPage        = kvstore.ListPage
)

// The insert modes, for a key that exists already, and the consistency modes of a list.
const (
	InsertModeOverwrite = kvstore.InsertModeOverwrite
	InsertModeAdd       = kvstore.InsertModeAdd
	InsertModeAppend    = kvstore.InsertModeAppend
	InsertModePrepend   = kvstore.InsertModePrepend

	ListConsistencyStrong   = kvstore.ListConsistencyStrong
	ListConsistencyEventual = kvstore.ListConsistencyEventual
)

// The errors of compute-sdk-go's kvstore.
var (
	ErrStoreNotFound      = kvstore.ErrStoreNotFound
	ErrKeyNotFound        = kvstore.ErrKeyNotFound
	ErrInvalidKey         = kvstore.ErrInvalidKey
	ErrTooManyRequests    = kvstore.ErrTooManyRequests
	ErrInvalidOptions     = kvstore.ErrInvalidOptions
	ErrBadRequest         = kvstore.ErrBadRequest
	ErrPreconditionFailed = kvstore.ErrPreconditionFailed
	ErrPayloadTooLarge    = kvstore.ErrPayloadTooLarge
	ErrUnexpected         = kvstore.ErrUnexpected
)

var modes = [...]string{
	InsertModeOverwrite: "overwrite",
	InsertModeAdd:       "add",
	InsertModeAppend:    "append",
	InsertModePrepend:   "prepend",
}

// Store is compute-sdk-go's [kvstore.Store] with a span for each of its calls.
type Store struct {
	*kvstore.Store
	ctx  context.Context
	name string
}

// Open opens the KV store with this name. The spans of its calls are children of the span in ctx.
func Open(ctx context.Context, name string) (*Store, error) {
	s, err := kvstore.Open(name)
	if err != nil {
		span := start(ctx, "open", name)
		fail(span, err)
		span.End()
		return nil, err
	}
	return &Store{s, ctx, name}, nil
}

// WithContext returns a copy of the store whose spans are children of the span in ctx.
func (s *Store) WithContext(ctx context.Context) *Store { return &Store{s.Store, ctx, s.name} }

// Lookup returns the value of key, in a span named "get" and the store. If there is none it returns [ErrKeyNotFound], which
// does not fail the span.
func (s *Store) Lookup(key string) (*Entry, error) {
	span := s.start("get", key)
	defer span.End()
	entry, err := s.Store.Lookup(key)
	switch {
	case span == nil:
	case err == nil:
		span.SetAttributes(trace.Int("db.response.returned_rows", 1))
	case err == ErrKeyNotFound:
		span.SetAttributes(trace.Int("db.response.returned_rows", 0))
	default:
		fail(span, err)
	}
	return entry, err
}

// Insert stores a value, in a span named "put" and the store.
func (s *Store) Insert(key string, value io.Reader) error { return s.InsertWithConfig(key, value, nil) }

// InsertWithConfig stores a value, in a span named "put" and the store. The span has the insert mode. config may be nil.
func (s *Store) InsertWithConfig(key string, value io.Reader, config *InsertConfig) error {
	span := s.start("put", key)
	defer span.End()
	if span != nil {
		mode := InsertModeOverwrite
		if config != nil {
			mode = config.Mode
		}
		if int(mode) < len(modes) {
			span.SetAttributes(trace.String("fastly.kv_store.insert_mode", modes[mode]))
		}
	}
	err := s.Store.InsertWithConfig(key, value, config)
	fail(span, err)
	return err
}

// Delete removes key, in a span named "delete" and the store. If there is no such key it returns [ErrKeyNotFound], which does
// not fail the span.
func (s *Store) Delete(key string) error {
	span := s.start("delete", key)
	defer span.End()
	err := s.Store.Delete(key)
	if span != nil {
		fail(span, call.Found(span, "fastly.kv_store.found", err, ErrKeyNotFound))
	}
	return err
}

// List lists keys. Each page that [ListIter.Next] requests has a span named "list" and the store.
func (s *Store) List(config *ListConfig) *ListIter { return &ListIter{s.Store.List(config), s} }

// ListIter iterates over the pages of a list.
type ListIter struct {
	*kvstore.ListIter
	store *Store
}

// Next requests the next page and reports whether there is one.
func (it *ListIter) Next() bool {
	if it.Err() != nil || it.Page().Meta.NextCursor == "" && len(it.Page().Data) != 0 {
		return it.ListIter.Next() // sends no request
	}
	span := start(it.store.ctx, "list", it.store.name)
	defer span.End()
	ok := it.ListIter.Next()
	switch {
	case span == nil:
	case it.Err() != nil:
		fail(span, it.Err())
	default:
		n := 0
		if ok {
			n = len(it.Page().Data)
		}
		span.SetAttributes(trace.Int("db.response.returned_rows", n))
	}
	return ok
}

func (s *Store) start(operation, key string) *trace.Span {
	span := start(s.ctx, operation, s.name)
	call.Key(s.ctx, span, "fastly.kv_store.key", key)
	return span
}

func start(ctx context.Context, operation, store string) *trace.Span {
	span := call.Start(ctx, operation, store)
	if span != nil {
		span.SetAttributes(
			trace.String("db.system.name", "fastly.kv_store"),
			trace.String("db.operation.name", operation),
			trace.String("db.collection.name", store),
		)
	}
	return span
}

func fail(span *trace.Span, err error) {
	if err == nil || span == nil {
		return
	}
	status := call.Fail(span, err,
		call.Status{Err: ErrStoreNotFound, Name: "not_found"},
		call.Status{Err: ErrKeyNotFound, Name: "not_found"}, // from a put
		call.Status{Err: ErrInvalidKey, Name: "inval"},
		call.Status{Err: ErrTooManyRequests, Name: "too_many_requests"},
		call.Status{Err: ErrBadRequest, Name: "bad_request"},
		call.Status{Err: ErrPreconditionFailed, Name: "precondition_failed"},
		call.Status{Err: ErrPayloadTooLarge, Name: "payload_too_large"},
		call.Status{Err: ErrInvalidOptions, Name: "inval"},
		call.Status{Err: ErrUnexpected, Name: "internal_error"}, // if the error's text contains no status
	)
	if status != "" {
		span.SetAttributes(trace.String("db.response.status_code", status))
	}
}
