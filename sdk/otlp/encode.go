package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/hex"
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

func flags(f trace.TraceFlags, remote bool) int64 {
	v := int64(f) | flagsHasRemote
	if remote {
		v |= flagsRemote
	}
	return v
}

// The parts of every span that have a fixed length are copied as a whole, and their values written over the zeros. That is
// fewer steps than one for each, and less code.
const (
	zeros16 = `0000000000000000`
	zeros19 = `0000000000000000000`

	head       = `{"traceId":"` + zeros16 + zeros16 + `","spanId":"` + zeros16
	headFlags  = `","flags":000`
	headTrace  = len(`{"traceId":"`)
	headParent = len(head + `","parentSpanId":"`)

	times      = `,"kind":0,"startTimeUnixNano":"` + zeros19 + `","endTimeUnixNano":"` + zeros19 + `"`
	timesKind  = len(`,"kind":0`) - 1
	timesStart = len(`,"kind":0,"startTimeUnixNano":"`)
	timesEnd   = len(times) - len(zeros19) - 1
)

func (w *writer) span(d *trace.SpanData) {
	w.head(d)
	w.state(d.SpanContext.TraceState)
	if d.Name != "" {
		w.text(`,"name":"`, d.Name)
	}
	w.kindAndTimes(d)
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

func (w *writer) head(d *trace.SpanData) {
	var b []byte
	if d.ParentSpanID.IsValid() {
		b = w.copy(head + `","parentSpanId":"` + zeros16 + headFlags)
		hex.Put8((*[16]byte)(b[headParent:]), (*[8]byte)(&d.ParentSpanID))
	} else {
		b = w.copy(head + headFlags)
	}
	hex.Put8((*[16]byte)(b[headTrace:]), (*[8]byte)(d.SpanContext.TraceID[:8]))
	hex.Put8((*[16]byte)(b[headTrace+16:]), (*[8]byte)(d.SpanContext.TraceID[8:]))
	hex.Put8((*[16]byte)(b[len(head)-16:]), (*[8]byte)(&d.SpanContext.SpanID))
	v := flags(d.SpanContext.TraceFlags, d.ParentRemote)
	if v > 999 {
		w.buf = json.AppendInt(w.buf[:len(w.buf)-3], v)
		return
	}
	f := b[len(b)-3:]
	f[0], f[1], f[2] = '0'+byte(v/100), '0'+byte(v/10%10), '0'+byte(v%10)
}

func (w *writer) kindAndTimes(d *trace.SpanData) {
	const nineteenDigits = 1_000_000_000_000_000_000 // since September 2001, and for as long as an int64 counts nanoseconds
	kind := d.Kind
	if kind > trace.SpanKindConsumer {
		kind = trace.SpanKindUnspecified
	}
	if kind == trace.SpanKindUnspecified || d.Start < nineteenDigits || d.End < nineteenDigits {
		if kind != trace.SpanKindUnspecified {
			w.int(`,"kind":`, int64(kind))
		}
		w.time(`,"startTimeUnixNano":"`, d.Start)
		w.time(`,"endTimeUnixNano":"`, d.End)
		return
	}
	b := w.copy(times)
	b[timesKind] = '0' + byte(kind)
	json.PutNineteen((*[19]byte)(b[timesStart:]), uint64(d.Start))
	json.PutNineteen((*[19]byte)(b[timesEnd:]), uint64(d.End))
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

// attributes appends a list that is not empty. Each ends with a comma, of which the last becomes the bracket.
func (w *writer) attributes(open string, attrs []trace.Attribute) {
	w.raw(open)
	for i := range attrs {
		a := &attrs[i]
		switch a.Value.Kind() {
		case trace.KindString:
			w.stringAttribute(a.Key, a.Value.Str())
		case trace.KindInt:
			w.intAttribute(a.Key, a.Value.Int64())
		default:
			w.text(`{"key":"`, a.Key)
			w.raw(`,"value":{`)
			w.value(a.Value)
			w.raw(`}},`)
		}
	}
	w.buf[len(w.buf)-1] = ']'
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
