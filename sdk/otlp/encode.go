package otlp

import (
	"github.com/edgespan/edgespan/sdk/trace"
)

// Encoder encodes batches as lines. It keeps the encoded form of the last resource, since all requests of a service have the
// same resource. The zero value is ready for use. An Encoder may be used by one goroutine at a time.
type Encoder struct {
	_ [0]func() // forbids ==, whose code would be linked

	resource *trace.Resource
	prefix   string // the line up to the first span, if that has the default scope
}

// defaultScope begins the scope of spans without a Scope.
const defaultScope = `{"scope":{"name":"` + trace.ScopeName + `","version":"` + trace.Version + `"},"spans":[`

// common returns the part of the prefix before any scope.
func (e *Encoder) common() string { return e.prefix[:len(e.prefix)-len(defaultScope)] }

// Append appends the line for b to dst, without a newline. For a batch without spans it appends nothing.
func (e *Encoder) Append(dst []byte, b *trace.Batch) []byte {
	if len(b.Spans) == 0 {
		return dst
	}
	var w writer
	if e.prefix == "" || e.resource != b.Resource {
		w.raw(`{"resourceSpans":[{"resource":{`)
		w.resource(b.Resource)
		w.raw(`},"scopeSpans":[` + defaultScope)
		e.prefix, e.resource = string(w.buf), b.Resource
	}
	w.buf = dst
	prefix, before := e.prefix, ``
	if b.Spans[0].Scope != nil {
		prefix = e.common()
	}
	w.raw(prefix)
	var last *trace.Scope // the prefix has begun the default scope
	for i := range b.Spans {
		d := &b.Spans[i]
		if sameScope(last, d.Scope) {
			w.raw(before)
		} else {
			if i > 0 {
				w.raw(`]},`)
			}
			w.scope(d.Scope)
		}
		last, before = d.Scope, `,`
		w.span(d)
	}
	w.raw(`]}]}]}`)
	return w.buf
}

func sameScope(a, b *trace.Scope) bool {
	return a == b || a != nil && b != nil && *a == *b
}

func (w *writer) scope(s *trace.Scope) {
	if s == nil {
		w.raw(defaultScope)
		return
	}
	w.raw(`{"scope":{`)
	version := `"version":"`
	if s.Name != "" {
		w.text(`"name":"`, s.Name)
		version = `,"version":"`
	}
	if s.Version != "" {
		w.text(version, s.Version)
	}
	w.raw(`},"spans":[`)
}

// head appends the ids, the flags and the trace state that spans and links begin with. before ends with the key of the trace
// id.
func (w *writer) head(before string, sc *trace.SpanContext, parent *trace.SpanID, remote bool) {
	w.hex(before, sc.TraceID[:])
	w.hex(`,"spanId":"`, sc.SpanID[:])
	if parent != nil && parent.IsValid() {
		w.hex(`,"parentSpanId":"`, parent[:])
	}
	w.int(`,"flags":`, flags(sc.TraceFlags, remote))
	if !sc.TraceState.IsEmpty() {
		w.text(`,"traceState":"`, sc.TraceState.String())
	}
}

// rest appends the fields that few spans have.
func (w *writer) rest(d *trace.SpanData) {
	before := `,"events":[{"timeUnixNano":"`
	for i := range d.Events {
		e := &d.Events[i]
		w.time(before, e.Time)
		before = `,{"timeUnixNano":"`
		if e.Name != "" {
			w.text(`,"name":"`, e.Name)
		}
		w.attributes(nextAttributes, e.Attributes, e.DroppedAttributes)
		w.raw(`}`)
	}
	if len(d.Events) > 0 {
		w.raw(`]`)
	}
	w.count(`,"droppedEventsCount":`, d.DroppedEvents)

	before = `,"links":[{"traceId":"`
	for i := range d.Links {
		k := &d.Links[i]
		w.head(before, &k.SpanContext, nil, k.SpanContext.Remote)
		before = `,{"traceId":"`
		w.attributes(nextAttributes, k.Attributes, k.DroppedAttributes)
		w.raw(`}`)
	}
	if len(d.Links) > 0 {
		w.raw(`]`)
	}
	w.count(`,"droppedLinksCount":`, d.DroppedLinks)

	if d.Status.Code != trace.StatusUnset && d.Status.Code <= trace.StatusError {
		w.int(`,"status":{"code":`, int64(d.Status.Code))
		if d.Status.Description != "" {
			w.text(`,"message":"`, d.Status.Description)
		}
		w.raw(`}`)
	}
}

// value appends a value without the braces around it. Natively, it gets strings and integers only as elements of a list.
func (w *writer) value(v *trace.Value) {
	switch v.Kind() {
	case trace.KindEmpty:
	case trace.KindString:
		w.text(`"stringValue":"`, v.Str())
	case trace.KindInt64:
		w.int(`"intValue":"`, v.Int64())
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
			w.value(&element)
			w.raw(`},`)
		})
		if n < len(w.buf) {
			w.buf = w.buf[:len(w.buf)-1] // without the last comma
		}
		w.raw(`]}`)
	}
}
