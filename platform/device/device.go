// Package device is compute-sdk-go's device detection with a span for each lookup. Package platform tells what all twins have in
// common.
//
// The span tells whether the device is known, and the User-Agent only with platform.WithKeys.
package device

import (
	"context"

	"github.com/fastly/compute-sdk-go/device"

	"github.com/edgespan/edgespan/internal/call"
)

// Device is the original's.
type Device = device.Device

// The original's errors.
var (
	ErrDeviceNotFound = device.ErrDeviceNotFound
	ErrUnexpected     = device.ErrUnexpected
)

// Lookup is the original's.
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
