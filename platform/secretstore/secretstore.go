// Package secretstore is a drop-in replacement for package secretstore of compute-sdk-go that records a span for each call.
// Package platform describes the rules that all wrapper packages share.
//
//	store, err := secretstore.Open(ctx, "keys")
//	secret, err := store.Get("signing") // a CLIENT span, "secret_store get keys"
//
// The span has the names of the store and of the secret, and whether the secret exists. Values are never recorded. A [Secret]
// is that of compute-sdk-go, so you can pass it to any function that takes one; its Plaintext method records no span.
package secretstore

import (
	"context"

	"github.com/fastly/compute-sdk-go/secretstore"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Secret is a secret whose value has not been decrypted.
type Secret = secretstore.Secret

// The errors of compute-sdk-go's secretstore.
var (
	ErrSecretStoreNotFound    = secretstore.ErrSecretStoreNotFound
	ErrInvalidSecretStoreName = secretstore.ErrInvalidSecretStoreName
	ErrSecretNotFound         = secretstore.ErrSecretNotFound
	ErrInvalidSecretName      = secretstore.ErrInvalidSecretName
	ErrUnexpected             = secretstore.ErrUnexpected
)

// Store is compute-sdk-go's [secretstore.Store] with a span for each of its calls.
type Store struct {
	*secretstore.Store
	ctx  context.Context
	name string
}

// Open opens the secret store with this name. The spans of its calls are children of the span in ctx.
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

// WithContext returns a copy of the store whose spans are children of the span in ctx.
func (st *Store) WithContext(ctx context.Context) *Store { return &Store{st.Store, ctx, st.name} }

// Get returns the secret with this name. If there is none it returns [ErrSecretNotFound], which does not fail the span.
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

// SecretFromBytes returns a secret with the value b. It records no span.
func SecretFromBytes(b []byte) (*Secret, error) { return secretstore.SecretFromBytes(b) }

// Plaintext returns the value of a secret: Open, Get and the secret's Plaintext in one span. If there is no such secret it
// returns [ErrSecretNotFound], which does not fail the span.
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
