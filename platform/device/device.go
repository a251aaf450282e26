// Package device is a drop-in replacement for the device detection of compute-sdk-go that records a span for each lookup.
// Package platform describes the rules that all wrapper packages share.
//
//	d, err := device.Lookup(ctx, r.Header.Get("User-Agent")) // a CLIENT span, "device lookup"
//
// The span has fastly.device.found: whether the device is known. The User-Agent is recorded only if the context comes from
// platform.WithKeys.
package device

import (
	"context"

	"github.com/fastly/compute-sdk-go/device"

	"github.com/edgespan/edgespan/internal/call"
)

// Device describes a device.
type Device = device.Device

// The errors of compute-sdk-go's device.
var (
	ErrDeviceNotFound = device.ErrDeviceNotFound
	ErrUnexpected     = device.ErrUnexpected
)

// Lookup returns the device with this User-Agent. If it is not known it returns [ErrDeviceNotFound], which does not fail the
// span.
func Lookup(ctx context.Context, userAgent string) (Device, error) {
	span := call.Start(ctx, "device lookup", "")
	defer span.End()
	call.Key(ctx, span, "user_agent.original", userAgent)
	d, err := device.Lookup(userAgent)
	if span != nil {
		call.Fail(span, call.Found(span, "fastly.device.found", err, ErrDeviceNotFound), call.Status{Err: ErrUnexpected, Name: "error"})
	}
	return d, err
}
