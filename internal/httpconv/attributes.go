package httpconv

import "github.com/edgespan/edgespan/sdk/trace"

// Attributes collects what is set on a span in one call. Its methods are not inlined: a dozen copies of each would be
// kilobytes of every service's binary. It holds 16, and a test counts what its users add: growing would cost each of them 2 kB.
type Attributes struct {
	array [16]trace.Attribute
	n     int
}

// List returns what has been added.
func (a *Attributes) List() []trace.Attribute { return a.array[:a.n] }

// Reset empties a.
func (a *Attributes) Reset() { a.n = 0 }

// String adds a string that is not empty.
//
//go:noinline
func (a *Attributes) String(key, value string) {
	if value != "" && a.n < len(a.array) {
		a.array[a.n] = trace.String(key, value)
		a.n++
	}
}

// Number adds a number that is not below least.
//
//go:noinline
func (a *Attributes) Number(key string, value, least int64) {
	if value >= least && a.n < len(a.array) {
		a.array[a.n] = trace.Int64(key, value)
		a.n++
	}
}

// Header adds the value of a header that is a number: Content-Length, Age.
func (a *Attributes) Header(key string, h map[string][]string, name string) {
	a.Number(key, Digits(First(h, name)), 0)
}

// First returns the first value of a header, or "". The name is canonical.
func First(h map[string][]string, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
