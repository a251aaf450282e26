package httpconv

import "github.com/edgespan/edgespan/sdk/trace"

// Attributes collects attributes that are set on a span in one call. It has room for 16, and drops any more.
// TestAttributesAreEnough counts those that each caller adds to a variable called a. A list that grows would add 2 kB to every
// service, and so would inlining: a dozen copies of each method.
type Attributes struct {
	array [16]trace.Attribute
	n     int
}

// List returns the attributes that have been added.
func (a *Attributes) List() []trace.Attribute { return a.array[:a.n] }

// Reset removes all attributes.
func (a *Attributes) Reset() { a.n = 0 }

// String adds a string attribute, unless value is empty.
//
//go:noinline
func (a *Attributes) String(key, value string) {
	if value != "" && a.n < len(a.array) {
		a.array[a.n] = trace.String(key, value)
		a.n++
	}
}

// Number adds a number attribute, unless value is less than least.
//
//go:noinline
func (a *Attributes) Number(key string, value, least int64) {
	if value >= least && a.n < len(a.array) {
		a.array[a.n] = trace.Int64(key, value)
		a.n++
	}
}

// Header adds the value of a header whose value is a number, such as Content-Length or Age.
func (a *Attributes) Header(key string, h map[string][]string, name string) {
	a.Number(key, Digits(First(h, name)), 0)
}

// First returns the first value of a header, or "". name must be in canonical form.
func First(h map[string][]string, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
