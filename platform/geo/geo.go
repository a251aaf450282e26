// Package geo is a drop-in replacement for package geo of compute-sdk-go that records a span for each lookup. Package platform
// describes the rules that all wrapper packages share.
//
//	g, err := geo.Lookup(ctx, ip) // a CLIENT span, "geo lookup"
//
// The span has fastly.geo.found: whether the address is known. The location is never recorded, and the address only if the
// context comes from platform.WithKeys.
package geo

import (
	"context"
	"net"

	"github.com/fastly/compute-sdk-go/geo"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Geo is the location of an address.
type Geo = geo.Geo

// The errors of compute-sdk-go's geo.
var (
	ErrInvalidIP  = geo.ErrInvalidIP
	ErrUnexpected = geo.ErrUnexpected
)

// Lookup returns the location of an address.
func Lookup(ctx context.Context, ip net.IP) (*Geo, error) {
	span := call.Start(ctx, "geo lookup", "")
	defer span.End()
	g, err := geo.Lookup(ip)
	if span == nil {
		return g, err
	}
	if call.Keys(ctx) {
		span.SetAttributes(trace.String("fastly.geo.ip", ip.String()))
	}
	if err == nil {
		span.SetAttributes(trace.Bool("fastly.geo.found", *g != Geo{}))
	}
	call.Fail(span, err, call.Status{Err: ErrInvalidIP, Name: "inval"}, call.Status{Err: ErrUnexpected, Name: "error"})
	return g, err
}
