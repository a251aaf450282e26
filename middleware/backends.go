package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// ContextWithBackends returns a context below which [Send], [Resend], [SendBody] and roundtrip.Transport ask answer, which stands for
// the backends of the service. It is for tests of handlers that run natively, where each request to a backend fails for want of a
// platform. In a sandbox it does nothing, and costs nothing.
//
// answer gets the request as the backend would, with the headers of the trace, and may be called from several goroutines. What it returns is
// traced as what a backend sends. An error of fsthttp, such as [fsthttp.ErrBackendNotFound], has the error.type that it has on the platform.
func ContextWithBackends(ctx context.Context, answer func(req *fsthttp.Request, backend string) (*fsthttp.Response, error)) context.Context {
	return context.WithValue(ctx, backendsKey{}, backends(answer))
}

type backendsKey struct{}

type backends func(req *fsthttp.Request, backend string) (*fsthttp.Response, error)
