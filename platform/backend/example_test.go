package backend_test

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/platform/backend"
)

// Registering a dynamic backend is a span, and so is the request to it.
func Example() {
	ask := func(ctx context.Context, req *fsthttp.Request, host string) (*fsthttp.Response, error) {
		b, err := backend.RegisterDynamicBackend(ctx, host, host, backend.NewBackendOptions().UseSSL(true).HostOverride(host))
		if err != nil {
			return nil, err
		}
		return middleware.Send(ctx, req, b.Name())
	}
	_ = ask
}
