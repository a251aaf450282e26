package geo_test

import (
	"context"
	"net"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/platform/geo"
)

// The span records whether the address is known, but not the location.
func ExampleLookup() {
	country := func(ctx context.Context, r *fsthttp.Request) string {
		g, err := geo.Lookup(ctx, net.ParseIP(r.RemoteAddr))
		if err != nil {
			return ""
		}
		return g.CountryCode
	}
	_ = country
}
