//go:build !wasm && !edgespan_small

package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// defaultScope begins the scope of spans without a Scope.
const defaultScope = `{"scope":{"name":"` + trace.ScopeName + `","version":"` + trace.Version + `"},"spans":[`

func (e *Encoder) appendLine(dst []byte, b *trace.Batch) []byte {
	var w writer
	if e.prefix == "" || e.resource != b.Resource {
		w.raw(lineStart + `{"resource":`)
		w.resource(b.Resource)
		w.raw(scopesStart)
		e.resource, e.head = b.Resource, len(w.buf)
		w.raw(defaultScope)
		e.prefix = string(w.buf)
	}
	w.buf = dst
	prefix, before := e.prefix, ``
	if b.Spans[0].Scope != nil {
		prefix = prefix[:e.head]
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
	w.raw(scopesEnd)
	return w.buf
}

func appendResource(dst []byte, r *trace.Resource) []byte {
	w := writer{dst}
	w.resource(r)
	return w.buf
}

func (w *writer) resource(r *trace.Resource) {
	w.raw(`{`)
	if r != nil {
		w.attributes(firstAttributes, r.Attributes, 0)
	}
	w.raw(`}`)
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

// value appends a value without the braces around it. It gets strings and integers only as elements of a list.
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
