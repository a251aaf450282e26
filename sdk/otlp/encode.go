package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// Encoder writes batches as lines. It keeps the encoded form of the last resource, which is the same for every request of
// a service. The zero value is ready. An Encoder is for one goroutine at a time.
type Encoder struct {
	w        writer
	resource *trace.Resource
	prefix   []byte // the line up to its first scope
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
		e.prefix, e.resource = w.buf, b.Resource
	}
	w.buf = dst
	copy(w.room(len(e.prefix)), e.prefix)
	for i := range b.Spans {
		d := &b.Spans[i]
		switch {
		case i > 0 && sameScope(b.Spans[i-1].Scope, d.Scope):
			w.raw(`,`)
		case i > 0:
			w.raw(`]},`)
			fallthrough
		default:
			w.scope(d.Scope)
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
	w.raw(`{"resourceSpans":[{"resource":{`)
	if r != nil && len(r.Attributes) > 0 {
		w.attributes(`"attributes":[`, r.Attributes)
	}
	w.raw(`},"scopeSpans":[`)
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

// Bits of the flags beside the trace flags, as trace.proto defines them.
const (
	flagsHasRemote = 0x100
	flagsRemote    = 0x200
)

func (w *writer) flags(f trace.TraceFlags, remote bool) {
	v := int64(f) | flagsHasRemote
	if remote {
		v |= flagsRemote
	}
	w.int(`","flags":`, v)
}

func (w *writer) span(d *trace.SpanData) {
	w.hex(`{"traceId":"`, d.SpanContext.TraceID[:])
	w.hex(`","spanId":"`, d.SpanContext.SpanID[:])
	if d.ParentSpanID.IsValid() {
		w.hex(`","parentSpanId":"`, d.ParentSpanID[:])
	}
	w.flags(d.SpanContext.TraceFlags, d.ParentRemote)
	w.state(d.SpanContext.TraceState)
	if d.Name != "" {
		w.text(`,"name":"`, d.Name)
	}
	if d.Kind != trace.SpanKindUnspecified && d.Kind <= trace.SpanKindConsumer {
		w.int(`,"kind":`, int64(d.Kind))
	}
	w.time(`,"startTimeUnixNano":"`, d.Start)
	w.time(`","endTimeUnixNano":"`, d.End)
	w.raw(`"`)
	w.tail(d.Attributes, d.DroppedAttributes)
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
		w.raw(`}`)
	}
	w.raw(`}`)
}

func (w *writer) event(e *trace.Event) {
	w.time(`{"timeUnixNano":"`, e.Time)
	w.raw(`"`)
	if e.Name != "" {
		w.text(`,"name":"`, e.Name)
	}
	w.tail(e.Attributes, e.DroppedAttributes)
	w.raw(`}`)
}

func (w *writer) link(k *trace.Link) {
	w.hex(`{"traceId":"`, k.SpanContext.TraceID[:])
	w.hex(`","spanId":"`, k.SpanContext.SpanID[:])
	w.flags(k.SpanContext.TraceFlags, k.SpanContext.Remote)
	w.state(k.SpanContext.TraceState)
	w.tail(k.Attributes, k.DroppedAttributes)
	w.raw(`}`)
}

func (w *writer) state(ts trace.TraceState) {
	if !ts.IsEmpty() {
		w.text(`,"traceState":"`, ts.String())
	}
}

func (w *writer) tail(attrs []trace.Attribute, dropped uint32) {
	if len(attrs) > 0 {
		w.attributes(`,"attributes":[`, attrs)
	}
	w.count(`,"droppedAttributesCount":`, dropped)
}

func (w *writer) attributes(open string, attrs []trace.Attribute) {
	for i := range attrs {
		w.separate(open, i)
		w.text(`{"key":"`, attrs[i].Key)
		w.raw(`,"value":`)
		w.value(attrs[i].Value)
		w.raw(`}`)
	}
	w.close(len(attrs))
}

func (w *writer) value(v trace.Value) {
	switch v.Kind() {
	case trace.KindString:
		w.text(`{"stringValue":"`, v.Str())
	case trace.KindInt:
		w.int(`{"intValue":"`, v.Int64())
		w.raw(`"`)
	case trace.KindBool:
		if v.Bool() {
			w.raw(`{"boolValue":true`)
		} else {
			w.raw(`{"boolValue":false`)
		}
	case trace.KindFloat64:
		w.float(`{"doubleValue":`, v.Float64())
	case trace.KindEmpty:
		w.raw(`{`)
	default:
		w.raw(`{"arrayValue":{"values":[`)
		n := 0
		v.Each(func(element trace.Value) {
			w.separate(``, n)
			w.value(element)
			n++
		})
		w.raw(`]}`)
	}
	w.raw(`}`)
}
