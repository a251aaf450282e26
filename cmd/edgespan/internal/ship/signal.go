package ship

import (
	"bytes"

	"github.com/edgespan/edgespan/internal/otlpanswer"
)

// The signals.
const (
	spanSignal = iota
	logSignal
)

// signals has the differences between the signals of OTLP.
var signals = [2]struct {
	member   string // the member of the request
	scopes   []byte // how the list of scopes begins in an element
	rejected string // the count in a partial success
	items    string // the name for people
}{
	{"resourceSpans", []byte(`,"scopeSpans":[`), otlpanswer.RejectedSpans, "span"},
	{"resourceLogs", []byte(`,"scopeLogs":[`), otlpanswer.RejectedLogRecords, "log record"},
}

// appendBody appends a request with the content of lines for a signal. Consecutive elements with the same resource share it.
func appendBody(dst []byte, signal int, lines []*line) (body []byte, items int) {
	dst = append(dst, `{"`+signals[signal].member+`":[`...)
	first := true
	var last element
	for _, l := range lines {
		items += l.parts[signal].items
		for _, e := range l.parts[signal].elements {
			switch {
			case !first && e.prefix > 0 && e.prefix == last.prefix && bytes.Equal(e.text[:e.prefix], last.text[:last.prefix]):
				dst = append(dst[:len(dst)-len(elementTail)], ',')
				dst = append(dst, e.text[e.prefix:]...)
			case !first:
				dst = append(dst, ',')
				dst = append(dst, e.text...)
			default:
				dst = append(dst, e.text...)
			}
			first, last = false, e
		}
	}
	return append(dst, elementTail...), items
}
