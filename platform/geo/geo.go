// Package geo is compute-sdk-go's geo with a span for each lookup. Package platform tells what all twins have in common.
//
// The span tells whether the address is known, not where it is, and the address only with platform.WithKeys.
package geo

import (
	"context"
	"net"

	"github.com/fastly/compute-sdk-go/geo"

	"github.com/edgespan/edgespan/internal/call"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Geo is the original's.
type Geo = geo.Geo

// The original's errors.
var (
	ErrInvalidIP  = geo.ErrInvalidIP
	ErrUnexpected = geo.ErrUnexpected
)

// Lookup is the original's.
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
