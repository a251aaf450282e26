package middleware

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// capturedHeader is a header to record, with its attribute's name made once.
type capturedHeader struct {
	name   string // canonical
	key    string
	hidden bool

	_ [0]func() // no ==, which would be code
}

// headers returns what to record of the headers of those names.
func (r *redactor) headers(prefix string, names []string) []capturedHeader {
	var set []capturedHeader
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "" {
			set = append(set, capturedHeader{name: fsthttp.CanonicalHeaderKey(name), key: prefix + strings.ToLower(name), hidden: r.hides(name)})
		}
	}
	return set
}

// record sets the attributes of those headers that are there.
func record(span *trace.Span, set []capturedHeader, h fsthttp.Header) {
	for i := range set {
		c := &set[i]
		values := h[c.name]
		if len(values) == 0 {
			continue
		}
		if c.hidden { // the number of values tells more than it gives away
			values = make([]string, len(values))
			for i := range values {
				values[i] = redacted
			}
		}
		span.SetAttributes(trace.Strings(c.key, values...))
	}
}
