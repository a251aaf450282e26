package httpconv

import (
	"net/textproto"

	"github.com/edgespan/edgespan/sdk/trace"
)

// CapturedHeader is a header to record, with the attribute's key prepared.
type CapturedHeader struct {
	name     string // canonical
	key      string
	hidden   bool
	redactor *Redactor // for the values of a header that is not hidden

	_ [0]func() // forbids ==, whose code would be linked
}

// Headers prepares the headers with these names for Record. An attribute key is prefix and the name in lower case.
func (r *Redactor) Headers(prefix string, names []string) []CapturedHeader {
	var set []CapturedHeader
	for _, name := range names {
		if name = trim(name); name != "" {
			set = append(set, CapturedHeader{name: textproto.CanonicalMIMEHeaderKey(name), key: prefix + lower(name), hidden: r.Hides(name), redactor: r})
		}
	}
	return set
}

// Record sets an attribute on span for each header of set that is in h.
func Record(span *trace.Span, set []CapturedHeader, h map[string][]string) {
	for i := range set {
		c := &set[i]
		values := h[c.name]
		if len(values) == 0 {
			continue
		}
		shown := make([]string, len(values)) // also if the header is hidden: how many values there are tells more than it gives away
		for k, value := range values {
			shown[k] = Redacted
			if !c.hidden {
				shown[k] = c.redactor.Text(value)
			}
		}
		span.SetAttributes(trace.Strings(c.key, shown...))
	}
}

// trim and lower stand for strings.TrimSpace and strings.ToLower, which link Unicode's tables with TinyGo.

func trim(name string) string {
	for name != "" && name[0] <= ' ' {
		name = name[1:]
	}
	for name != "" && name[len(name)-1] <= ' ' {
		name = name[:len(name)-1]
	}
	return name
}

func lower(name string) string {
	b := []byte(name)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
