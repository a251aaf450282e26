package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// AppendResource appends r as an object: the value of "resource" in a line of any signal. With it, a service's logs name the
// same resource as its spans.
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
