package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Encoder writes batches as lines. It keeps the encoded form of the last resource, which is the same for every request of
// a service. The zero value is ready. An Encoder is for one goroutine at a time.
type Encoder struct {
	w        writer
	resource *trace.Resource
	prefix   []byte // the line up to the first span of the default scope
	common   int    // what of it stands before any scope
}

// Append appends the line for b, without a newline. A batch without spans appends nothing.
func (e *Encoder) Append(dst []byte, b *trace.Batch) []byte {
	if len(b.Spans) == 0 {
		return dst
	}
	w := &e.w
	if e.prefix == nil || e.resource != b.Resource {
		w.buf = e.prefix[:0]
		w.resource(b.Resource)
		e.common = len(w.buf)
		w.scope(nil)
		e.prefix, e.resource = w.buf, b.Resource
	}
	if scope := b.Spans[0].Scope; scope == nil {
		w.buf = append(dst, e.prefix...)
	} else {
		w.buf = append(dst, e.prefix[:e.common]...)
		w.scope(scope)
	}
	for i := range b.Spans {
		d := &b.Spans[i]
		if i > 0 {
			if sameScope(b.Spans[i-1].Scope, d.Scope) {
				w.raw(`,`)
			} else {
				w.raw(`]},`)
				w.scope(d.Scope)
			}
		}
		w.span(d)
	}
	w.raw(`]}]}]}`)
	dst, w.buf = w.buf, nil
	return dst
}

func sameScope(a, b *trace.Scope) bool {
	return a == b || a != nil && b != nil && a.Name == b.Name && a.Version == b.Version
}

func (w *writer) resource(r *trace.Resource) {
	w.raw(`{"resourceSpans":[{"resource":`)
	w.buf = AppendResource(w.buf, r)
	w.raw(`,"scopeSpans":[`)
}

func (w *writer) scope(s *trace.Scope) {
	if s == nil {
		w.raw(`{"scope":{"name":"` + trace.ScopeName + `","version":"` + trace.Version + `"},"spans":[`)
		return
	}
	w.raw(`{"scope":{`)
	if s.Name != "" {
		w.text(`"name":"`, s.Name)
	}
	if s.Name != "" && s.Version != "" {
		w.raw(`,`)
	}
	if s.Version != "" {
		w.text(`"version":"`, s.Version)
	}
	w.raw(`},"spans":[`)
}

func (w *writer) span(d *trace.SpanData) {
	// What every span has is appended with the buffer in registers, what few have through the writer, in less code.
	b := appendHead(w.buf, d)
	if !d.SpanContext.TraceState.IsEmpty() {
		w.buf = b
		w.text(`,"traceState":"`, d.SpanContext.TraceState.String())
		b = w.buf
	}
	if d.Name != "" {
		b = append(b, `,"name":"`...)
		b = append(json.AppendText(b, d.Name), '"')
	}
	b = appendKindAndTimes(b, d)
	if len(d.Attributes) > 0 {
		b = append(b, `,"attributes":[`...)
		b = appendAttributes(b, d.Attributes)
	}
	w.buf = b
	w.count(`,"droppedAttributesCount":`, d.DroppedAttributes)
	for i := range d.Events {
		w.separate(`,"events":[`, i)
		w.event(&d.Events[i])
	}
	w.close(len(d.Events))
	w.count(`,"droppedEventsCount":`, d.DroppedEvents)
	for i := range d.Links {
		w.separate(`,"links":[`, i)
		w.link(&d.Links[i])
	}
	w.close(len(d.Links))
	w.count(`,"droppedLinksCount":`, d.DroppedLinks)
	if d.Status.Code != trace.StatusUnset && d.Status.Code <= trace.StatusError {
		w.int(`,"status":{"code":`, int64(d.Status.Code))
		if d.Status.Description != "" {
			w.text(`,"message":"`, d.Status.Description)
		}
		w.buf = append(w.buf, '}')
	}
	w.buf = append(w.buf, '}')
}

func (w *writer) event(e *trace.Event) {
	w.time(`{"timeUnixNano":"`, e.Time)
	if e.Name != "" {
		w.text(`,"name":"`, e.Name)
	}
	w.tail(e.Attributes, e.DroppedAttributes)
	w.raw(`}`)
}

func (w *writer) link(k *trace.Link) {
	w.hex(`{"traceId":"`, k.SpanContext.TraceID[:])
	w.hex(`","spanId":"`, k.SpanContext.SpanID[:])
	w.int(`","flags":`, flags(k.SpanContext.TraceFlags, k.SpanContext.Remote))
	if !k.SpanContext.TraceState.IsEmpty() {
		w.text(`,"traceState":"`, k.SpanContext.TraceState.String())
	}
	w.tail(k.Attributes, k.DroppedAttributes)
	w.raw(`}`)
}

func (w *writer) tail(attrs []trace.Attribute, dropped uint32) {
	if len(attrs) > 0 {
		w.raw(`,"attributes":[`)
		w.buf = appendAttributes(w.buf, attrs)
	}
	w.count(`,"droppedAttributesCount":`, dropped)
}

// value appends a value without the braces around it.
func (w *writer) value(v trace.Value) {
	switch v.Kind() {
	case trace.KindEmpty:
	case trace.KindString:
		w.text(`"stringValue":"`, v.Str())
	case trace.KindInt:
		w.quoted(`"intValue":"`, v.Int64())
	case trace.KindBool:
		if v.Bool() {
			w.raw(`"boolValue":true`)
		} else {
			w.raw(`"boolValue":false`)
		}
	case trace.KindFloat64:
		w.float(`"doubleValue":`, v.Float64())
	default:
		open := `"arrayValue":{"values":[{`
		v.Each(func(element trace.Value) {
			w.raw(open)
			w.value(element)
			open = `},{`
		})
		if len(open) > len(`},{`) {
			w.raw(`"arrayValue":{"values":[]}`)
		} else {
			w.raw(`}]}`)
		}
	}
}
