package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// AppendResource appends r as an object: the value of "resource", which lines of all signals have, so that a service's logs
// name it exactly as its spans do.
func AppendResource(dst []byte, r *trace.Resource) []byte {
	w := writer{dst}
	w.raw(`{`)
	if r != nil && len(r.Attributes) > 0 {
		w.buf = appendAttributes(w.buf, firstAttributes, r.Attributes)
	}
	w.raw(`}`)
	return w.buf
}
