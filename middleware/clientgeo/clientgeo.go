// Package clientgeo records the country and the network of a client on the server span.
//
//	middleware.New(tp, middleware.Config{OnRequest: []func(*trace.Span, *fsthttp.Request){clientgeo.Record}})
//
// It is a separate package because the platform's look-up links encoding/json.
package clientgeo

import (
	"net"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/geo"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Record records geo.country.iso_code and fastly.client.as.number, and nothing more precise. It is a function for
// [middleware.Config.OnRequest]. Attributes that the platform has no value for are left out.
func Record(span *trace.Span, r *fsthttp.Request) {
	ip := net.ParseIP(r.RemoteAddr)
	if ip == nil {
		return
	}
	g, err := geo.Lookup(ip)
	if err != nil || g == nil {
		return
	}
	if g.CountryCode != "" {
		span.SetAttributes(trace.String("geo.country.iso_code", g.CountryCode))
	}
	if g.AsNumber > 0 {
		span.SetAttributes(trace.Int("fastly.client.as.number", g.AsNumber))
	}
}
