//go:build wasm || edgespan_small

package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// appendSpan appends a span up to its attributes.
func appendSpan(dst []byte, d *trace.SpanData) []byte {
	w := writer{dst}
	w.hex(`{"traceId":"`, d.SpanContext.TraceID[:])
	w.hex(`","spanId":"`, d.SpanContext.SpanID[:])
	if d.ParentSpanID.IsValid() {
		w.hex(`","parentSpanId":"`, d.ParentSpanID[:])
	}
	w.int(`","flags":`, flags(d.SpanContext.TraceFlags, d.ParentRemote), ``)
	w.state(&d.SpanContext)
	if d.Name != "" {
		w.text(`,"name":"`, d.Name)
	}
	w.kindAndTimes(d)
	if len(d.Attributes) > 0 {
		w.buf = appendAttributes(w.buf, nextAttributes, d.Attributes)
	}
	return w.buf
}

// appendAttributes appends a list that is not empty, with open in front of its first key.
func appendAttributes(dst []byte, open string, attrs []trace.Attribute) []byte {
	end := ""
	for i := range attrs {
		a := &attrs[i]
		dst = json.AppendText(append(dst, open...), a.Key)
		open, end = `"}},{"key":"`, `"}}]` // with the end of this attribute
		kind, text := a.Value.Kind(), `","value":{"stringValue":"`
		switch kind {
		case trace.KindString:
		case trace.KindInt:
			text = `","value":{"intValue":"`
		default:
			w := writer{dst}
			w.raw(`","value":{`)
			w.value(a.Value)
			dst, open, end = w.buf, open[1:], end[1:]
			continue
		}
		dst = append(dst, text...)
		if kind == trace.KindInt {
			dst = json.AppendInt(dst, a.Value.Int64())
		} else {
			dst = json.AppendText(dst, a.Value.Str())
		}
	}
	return append(dst, end...)
}
