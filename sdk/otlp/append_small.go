//go:build wasm || edgespan_small

package otlp

import "github.com/edgespan/edgespan/sdk/trace"

//go:noinline
func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

func (w *writer) span(d *trace.SpanData) {
	w.head(`{"traceId":"`, &d.SpanContext, &d.ParentSpanID, d.ParentRemote)
	if d.Name != "" {
		w.text(`,"name":"`, d.Name)
	}
	if known(d.Kind) {
		w.int(`,"kind":`, int64(d.Kind))
	}
	w.time(`,"startTimeUnixNano":"`, d.Start)
	w.time(`,"endTimeUnixNano":"`, d.End)
	w.attributes(nextAttributes, d.Attributes, d.DroppedAttributes)
	w.rest(d)
	w.raw(`}`)
}

// attributes appends a list of attributes, with before in front of the first key, unless the list is empty, and then the number
// of dropped attributes.
func (w *writer) attributes(before string, attrs []trace.Attribute, dropped uint32) {
	for i := range attrs {
		a := &attrs[i]
		w.text(before, a.Key)
		w.raw(`,"value":{`)
		w.value(&a.Value)
		w.raw(`}}`)
		before = `,{"key":"`
	}
	if len(attrs) > 0 {
		w.raw(`]`)
	}
	w.count(droppedAttributes, dropped)
}
