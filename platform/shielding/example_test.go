package shielding_test

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/platform/shielding"
)

// The request is sent to the shield, unless it is running on the shield already.
func Example() {
	ask := func(ctx context.Context, req *fsthttp.Request) (*fsthttp.Response, error) {
		to := "origin"
		shield, err := shielding.ShieldFromName(ctx, "amsterdam-nl")
		if err == nil && !shield.IsRunningOn() {
			if name, err := shield.Backend(&shielding.BackendOptions{}); err == nil {
				to = name
			}
		}
		return middleware.Send(ctx, req, to)
	}
	_ = ask
}
