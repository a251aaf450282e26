package device_test

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/platform/device"
)

// The span records the User-Agent only below platform.WithKeys.
func ExampleLookup() {
	isMobile := func(ctx context.Context, r *fsthttp.Request) bool {
		d, err := device.Lookup(ctx, r.Header.Get("User-Agent"))
		return err == nil && d.IsMobile()
	}
	_ = isMobile
}
