// Package backend has the functions of compute-sdk-go's fsthttp that register and find backends. They record a span for each
// call. Package platform describes the rules that all wrapper packages share.
//
//	b, err := backend.RegisterDynamicBackend(ctx, "shop", "shop.example.com", nil) // a CLIENT span, "backend register"
//
// To send a request to a backend, use middleware.Send.
package backend

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Aliases of the types in fsthttp.
type (
	Backend        = fsthttp.Backend
	BackendOptions = fsthttp.BackendOptions
)

// The errors of fsthttp's functions for backends.
var (
	ErrDynamicBackendDisallowed = fsthttp.ErrDynamicBackendDisallowed
	ErrBackendNameInUse         = fsthttp.ErrBackendNameInUse
	ErrBackendNotFound          = fsthttp.ErrBackendNotFound
)

// NewBackendOptions returns options with the defaults.
func NewBackendOptions() *BackendOptions { return fsthttp.NewBackendOptions() }

// RegisterDynamicBackend registers a dynamic backend. The span has its name and target. options may be nil.
func RegisterDynamicBackend(ctx context.Context, name string, target string, options *BackendOptions) (*Backend, error) {
	span := call.Start(ctx, "backend register", "")
	defer span.End()
	if span != nil {
		span.SetAttributes(trace.String("fastly.backend", name), trace.String("fastly.backend.target", target))
	}
	b, err := fsthttp.RegisterDynamicBackend(name, target, options)
	fail(span, err)
	return b, err
}

// BackendFromName returns the backend with this name. If there is none it returns [ErrBackendNotFound], which does not fail the
// span.
func BackendFromName(ctx context.Context, name string) (*Backend, error) {
	span := call.Start(ctx, "backend lookup", "")
	defer span.End()
	if span != nil {
		span.SetAttributes(trace.String("fastly.backend", name))
	}
	b, err := fsthttp.BackendFromName(name)
	if span != nil {
		fail(span, call.Found(span, "fastly.backend.found", err, ErrBackendNotFound))
	}
	return b, err
}

func fail(span *trace.Span, err error) {
	if err == nil || span == nil {
		return
	}
	call.Fail(span, err,
		call.Status{Err: ErrDynamicBackendDisallowed, Name: "unsupported"},
		call.Status{Err: ErrBackendNameInUse, Name: "error"},
	)
}
