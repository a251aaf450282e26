package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
)

// askBackend is req.Send: in a sandbox nothing stands for a backend.
func askBackend(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	return req.Send(ctx, backend)
}
