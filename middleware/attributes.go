package middleware

import (
	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// attributes collects what is set on a span in one call. Its methods are not inlined: a dozen copies of each would be
// kilobytes of every service's binary.
type attributes struct {
	array [16]trace.Attribute
	n     int
}

func (a *attributes) list() []trace.Attribute { return a.array[:a.n] }

// string adds a string that is not empty.
//
//go:noinline
func (a *attributes) string(key, value string) {
	if value != "" && a.n < len(a.array) {
		a.array[a.n] = trace.String(key, value)
		a.n++
	}
}

// number adds a number that is not below least.
//
//go:noinline
func (a *attributes) number(key string, value, least int64) {
	if value >= least && a.n < len(a.array) {
		a.array[a.n] = trace.Int64(key, value)
		a.n++
	}
}

// length adds the value of a valid Content-Length.
func (a *attributes) length(key string, h fsthttp.Header) {
	if values := h["Content-Length"]; len(values) > 0 {
		a.number(key, digits(values[0]), 0)
	}
}
