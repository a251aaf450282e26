// Package secretstore is compute-sdk-go's secretstore with a span for each call. Package platform tells what all twins have in
// common.
//
// The span has the names of store and secret, and whether there is such a secret: never a value. A Secret is the original's, so
// that it can be handed to whatever takes one; its Plaintext has no span of its own.
package secretstore

import (
	"context"

	"github.com/fastly/compute-sdk-go/secretstore"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Secret is the original's.
type Secret = secretstore.Secret

// The original's errors.
var (
	ErrSecretStoreNotFound    = secretstore.ErrSecretStoreNotFound
	ErrInvalidSecretStoreName = secretstore.ErrInvalidSecretStoreName
	ErrSecretNotFound         = secretstore.ErrSecretNotFound
	ErrInvalidSecretName      = secretstore.ErrInvalidSecretName
	ErrUnexpected             = secretstore.ErrUnexpected
)

// Store is a secret store whose calls have spans.
type Store struct {
	*secretstore.Store
	ctx  context.Context
	name string
}

// Open is the original's. Its calls are children of the span that ctx carries.
func Open(ctx context.Context, name string) (*Store, error) {
	s, err := secretstore.Open(name)
	if err != nil {
		span := start(ctx, "secret_store open", name)
		fail(span, err)
		span.End()
		return nil, err
	}
	return &Store{s, ctx, name}, nil
}

// WithContext returns the store for calls below another span.
func (st *Store) WithContext(ctx context.Context) *Store { return &Store{st.Store, ctx, st.name} }

// Get is the original's.
func (st *Store) Get(name string) (*Secret, error) {
	span := start(st.ctx, "secret_store get", st.name)
	defer span.End()
	if span != nil {
		span.SetAttributes(trace.String("fastly.secret_store.secret", name))
	}
	secret, err := st.Store.Get(name)
	if span != nil {
		fail(span, call.Found(span, "fastly.secret_store.found", err, ErrSecretNotFound))
	}
	return secret, err
}

// SecretFromBytes is the original's. It asks nobody, and has no span.
func SecretFromBytes(b []byte) (*Secret, error) { return secretstore.SecretFromBytes(b) }

// Plaintext is the original's, in one span.
func Plaintext(ctx context.Context, storeName, secretName string) ([]byte, error) {
	span := start(ctx, "secret_store get", storeName)
	defer span.End()
	if span != nil {
		span.SetAttributes(trace.String("fastly.secret_store.secret", secretName))
	}
	value, err := secretstore.Plaintext(storeName, secretName)
	if span != nil {
		fail(span, call.Found(span, "fastly.secret_store.found", err, ErrSecretNotFound))
	}
	return value, err
}

func start(ctx context.Context, operation, store string) *trace.Span {
	span := call.Start(ctx, operation, store)
	if span != nil {
		span.SetAttributes(trace.String("fastly.secret_store.name", store))
	}
	return span
}

func fail(span *trace.Span, err error) {
	if err == nil || span == nil {
		return
	}
	call.Fail(span, err,
		call.Status{Err: ErrSecretStoreNotFound, Name: "not_found"},
		call.Status{Err: ErrInvalidSecretStoreName, Name: "inval"},
		call.Status{Err: ErrInvalidSecretName, Name: "inval"},
		call.Status{Err: ErrUnexpected, Name: "error"},
	)
}
