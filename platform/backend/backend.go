// Package backend has the functions of compute-sdk-go's fsthttp that make and find backends, with a span for each call. Package
// platform tells what all twins have in common. Requests to a backend are for middleware.Send.
package backend

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// What is the same here and there.
type (
	Backend        = fsthttp.Backend
	BackendOptions = fsthttp.BackendOptions
)

// The original's errors.
var (
	ErrDynamicBackendDisallowed = fsthttp.ErrDynamicBackendDisallowed
	ErrBackendNameInUse         = fsthttp.ErrBackendNameInUse
	ErrBackendNotFound          = fsthttp.ErrBackendNotFound
)

// NewBackendOptions is the original's.
func NewBackendOptions() *BackendOptions { return fsthttp.NewBackendOptions() }

// RegisterDynamicBackend is the original's. The span has the name and the target.
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

// BackendFromName is the original's. That there is no such backend is not an error of the span.
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
