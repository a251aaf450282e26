package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// ContextWithBackends returns a context in which answer stands for the backends of the service. It is for tests of handlers
// that run natively, where every request to a backend fails because there is no platform. [Send], [Resend], [SendBody] and
// roundtrip.Transport call answer instead of the backend. In a sandbox ContextWithBackends does nothing and costs nothing.
//
// answer gets the request as the backend would get it, with the trace headers. It may be called from several goroutines at the
// same time. Its response is traced like a response of a backend. If it returns an error of fsthttp, such as
// [fsthttp.ErrBackendNotFound], the span has the same error.type as on the platform.
func ContextWithBackends(ctx context.Context, answer func(req *fsthttp.Request, backend string) (*fsthttp.Response, error)) context.Context {
	return context.WithValue(ctx, backendsKey{}, backends(answer))
}

type backendsKey struct{}

type backends func(req *fsthttp.Request, backend string) (*fsthttp.Response, error)
