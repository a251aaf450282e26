package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// askBackend is req.Send. ContextWithBackends has no effect in a sandbox.
func askBackend(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	return req.Send(ctx, backend)
}
