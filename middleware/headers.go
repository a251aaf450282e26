package middleware

import (
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// headerSet is the headers to record, with their attributes' names made once.
type headerSet []capturedHeader

type capturedHeader struct {
	name   string // canonical
	key    string
	hidden bool
}

func newHeaderSet(prefix string, names []string, r *redactor) headerSet {
	var set headerSet
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "" {
			set = append(set, capturedHeader{fsthttp.CanonicalHeaderKey(name), prefix + strings.ToLower(name), r.hides(name)})
		}
	}
	return set
}

// record sets the attributes of those headers that are there.
func (set headerSet) record(span *trace.Span, h fsthttp.Header) {
	for i := range set {
		values := h[set[i].name]
		if len(values) == 0 {
			continue
		}
		if set[i].hidden {
			values = hidden(len(values))
		}
		span.SetAttributes(trace.Strings(set[i].key, values...))
	}
}

// hidden stands for n values that are not shown; their number tells more than it gives away.
func hidden(n int) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = redacted
	}
	return values
}
