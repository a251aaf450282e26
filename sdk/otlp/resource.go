package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// AppendResource appends r as an object: the value of "resource", which lines of all signals have, so that a service's logs
// name it exactly as its spans do.
func AppendResource(dst []byte, r *trace.Resource) []byte {
	w := writer{dst}
	w.raw(`{`)
	w.resource(r)
	w.raw(`}`)
	return w.buf
}

func (w *writer) resource(r *trace.Resource) {
	if r != nil {
		w.attributes(firstAttributes, r.Attributes, 0)
	}
}
