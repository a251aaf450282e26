package otlp

import (
	"github.com/edgespan/edgespan/sdk/trace"
)

// Encoder writes batches as lines. It keeps the encoded form of the last resource, which is the same for every request of
// a service. The zero value is ready. An Encoder is for one goroutine at a time.
type Encoder struct {
	resource *trace.Resource
	prefix   []byte // the line up to the first span of the default scope
	common   int    // what of it stands before any scope
}

// Append appends the line for b, without a newline. A batch without spans appends nothing.
func (e *Encoder) Append(dst []byte, b *trace.Batch) []byte {
	if len(b.Spans) == 0 {
		return dst
	}
	if e.prefix == nil || e.resource != b.Resource {
		w := writer{e.prefix[:0]}
		w.raw(`{"resourceSpans":[{"resource":`)
		w.buf = AppendResource(w.buf, b.Resource)
		w.raw(`,"scopeSpans":[`)
		e.common = len(w.buf)
		w.scope(nil)
		e.prefix, e.resource = w.buf, b.Resource
	}
	prefix := e.prefix
	if b.Spans[0].Scope != nil {
		prefix = prefix[:e.common]
	}
	w := writer{append(dst, prefix...)}
	var last *trace.Scope
	for i := range b.Spans {
		d := &b.Spans[i]
		if i > 0 && sameScope(last, d.Scope) {
			w.raw(`,`)
		} else if i > 0 || d.Scope != nil { // else the prefix has it
			if i > 0 {
				w.raw(`]},`)
			}
			w.scope(d.Scope)
		}
		last = d.Scope
		w.span(d)
	}
	w.raw(`]}]}]}`)
	return w.buf
}

func sameScope(a, b *trace.Scope) bool {
	return a == b || a != nil && b != nil && *a == *b
}

var defaultScope = trace.DefaultScope()

func (w *writer) scope(s *trace.Scope) {
	if s == nil {
		s = &defaultScope
	}
	w.raw(`{"scope":{`)
	if s.Name != "" {
		w.text(`"name":"`, s.Name)
	}
	if s.Version != "" {
		before := `,"version":"`
		if s.Name == "" {
			before = before[1:]
		}
		w.text(before, s.Version)
	}
	w.raw(`},"spans":[`)
}

func (w *writer) span(d *trace.SpanData) {
	// What every span has is appended with the buffer in registers, what few have through the writer, in less code.
	w.buf = appendSpan(w.buf, d)
	if len(d.Events)+len(d.Links) > 0 || d.DroppedAttributes|d.DroppedEvents|d.DroppedLinks != 0 || d.Status.Code != trace.StatusUnset {
		w.rest(d)
	}
	w.buf = append(w.buf, '}')
}

// rest appends what few spans have.
func (w *writer) rest(d *trace.SpanData) {
	w.count(`,"droppedAttributesCount":`, d.DroppedAttributes)
	for i := range d.Events {
		w.separate(`,"events":[`, i)
		e := &d.Events[i]
		w.time(`{"timeUnixNano":"`, e.Time)
		if e.Name != "" {
			w.text(`,"name":"`, e.Name)
		}
		w.tail(e.Attributes, e.DroppedAttributes)
	}
	w.close(len(d.Events))
	w.count(`,"droppedEventsCount":`, d.DroppedEvents)
	for i := range d.Links {
		w.separate(`,"links":[`, i)
		k := &d.Links[i]
		w.hex(`{"traceId":"`, k.SpanContext.TraceID[:])
		w.hex(`","spanId":"`, k.SpanContext.SpanID[:])
		w.int(`","flags":`, flags(k.SpanContext.TraceFlags, k.SpanContext.Remote), ``)
		w.state(&k.SpanContext)
		w.tail(k.Attributes, k.DroppedAttributes)
	}
	w.close(len(d.Links))
	w.count(`,"droppedLinksCount":`, d.DroppedLinks)
	if d.Status.Code != trace.StatusUnset && d.Status.Code <= trace.StatusError {
		w.int(`,"status":{"code":`, int64(d.Status.Code), ``)
		if d.Status.Description != "" {
			w.text(`,"message":"`, d.Status.Description)
		}
		w.raw(`}`)
	}
}

// tail appends the end of an event or a link.
func (w *writer) tail(attrs []trace.Attribute, dropped uint32) {
	if len(attrs) > 0 {
		w.buf = appendAttributes(w.buf, nextAttributes, attrs)
	}
	w.count(`,"droppedAttributesCount":`, dropped)
	w.raw(`}`)
}

// value appends a value that is neither a string nor an integer, or that stands in a list, without the braces around it.
func (w *writer) value(v trace.Value) {
	switch v.Kind() {
	case trace.KindEmpty:
	case trace.KindString:
		w.text(`"stringValue":"`, v.Str())
	case trace.KindInt:
		w.int(`"intValue":"`, v.Int64(), `"`)
	case trace.KindBool:
		text := `"boolValue":false`
		if v.Bool() {
			text = `"boolValue":true`
		}
		w.raw(text)
	case trace.KindFloat64:
		w.raw(`"doubleValue":`)
		w.buf = v.AppendFloat(w.buf, false)
	default:
		w.raw(`"arrayValue":{"values":[`)
		n := len(w.buf)
		v.Each(func(element trace.Value) {
			w.raw(`{`)
			w.value(element)
			w.raw(`},`)
		})
		if n < len(w.buf) {
			w.buf = w.buf[:len(w.buf)-1] // the last comma
		}
		w.raw(`]}`)
	}
}
