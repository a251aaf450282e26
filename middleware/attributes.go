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

func (a *attributes) set(span *trace.Span) { span.SetAttributes(a.array[:a.n]...) }

//go:noinline
func (a *attributes) add(attr trace.Attribute) {
	if a.n < len(a.array) {
		a.array[a.n] = attr
		a.n++
	}
}

// string adds a string that is not empty.
//
//go:noinline
func (a *attributes) string(key, value string) {
	if value != "" {
		a.add(trace.String(key, value))
	}
}

// positive adds a number above zero.
//
//go:noinline
func (a *attributes) positive(key string, value int) {
	if value > 0 {
		a.add(trace.Int(key, value))
	}
}

// length adds the value of a valid Content-Length.
func (a *attributes) length(key string, h fsthttp.Header) {
	if n := digits(h.Get("Content-Length")); n >= 0 {
		a.add(trace.Int64(key, n))
	}
}
