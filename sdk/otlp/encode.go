package otlp

import (
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Encoder writes batches as lines. It keeps the encoded form of the last resource, which is the same for every request of
// a service, of the attribute keys it has met, and of the second it is in. The zero value is ready. An Encoder is for one goroutine at a time.
type Encoder struct {
	resource *trace.Resource
	prefix   []byte // the line up to the first span with the default scope
	common   int    // what of it any scope can follow
	keys     keyCache
	times    timeCache
}

// Append appends the line for b, without a newline. A batch without spans gives an empty line.
func (e *Encoder) Append(dst []byte, b *trace.Batch) []byte {
	if len(b.Spans) == 0 {
		return dst
	}
	if e.prefix == nil || e.resource != b.Resource {
		e.prefix = e.appendResource(e.prefix[:0], b.Resource)
		e.common = len(e.prefix)
		e.prefix = append(e.prefix, defaultScope...)
		e.resource = b.Resource
	}
	scope := b.Spans[0].Scope
	if scope == nil {
		dst = append(dst, e.prefix...)
	} else {
		dst = append(dst, e.prefix[:e.common]...)
		dst = appendScope(dst, scope)
	}
	for i := range b.Spans {
		d := &b.Spans[i]
		switch {
		case i == 0:
		case sameScope(scope, d.Scope):
			dst = append(dst, ',')
		default:
			dst = append(dst, `]},`...)
			dst = appendScope(dst, d.Scope)
		}
		scope = d.Scope
		dst = e.appendSpan(dst, d)
	}
	return append(dst, `]}]}]}`...)
}

func (e *Encoder) appendResource(dst []byte, r *trace.Resource) []byte {
	dst = append(dst, `{"resourceSpans":[{"resource":{`...)
	if r != nil && len(r.Attributes) > 0 {
		dst = append(dst, `"attributes":`...)
		dst = e.appendAttributes(dst, r.Attributes)
	}
	return append(dst, `},"scopeSpans":[`...)
}

const defaultScope = `{"scope":{"name":"` + trace.ScopeName + `","version":"` + trace.Version + `"},"spans":[`

func appendScope(dst []byte, s *trace.Scope) []byte {
	if s == nil {
		return append(dst, defaultScope...)
	}
	dst = append(dst, `{"scope":{`...)
	if s.Name != "" {
		dst = append(dst, `"name":`...)
		dst = json.AppendString(dst, s.Name)
	}
	if s.Version != "" {
		if s.Name != "" {
			dst = append(dst, ',')
		}
		dst = append(dst, `"version":`...)
		dst = json.AppendString(dst, s.Version)
	}
	return append(dst, `},"spans":[`...)
}

func sameScope(a, b *trace.Scope) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// Bits of a span's flags beside the trace flags, as trace.proto defines them.
const (
	flagsHasRemote = 0x100
	flagsRemote    = 0x200
)

func flagsOf(f trace.TraceFlags, remote bool) uint64 {
	v := uint64(f) | flagsHasRemote
	if remote {
		v |= flagsRemote
	}
	return v
}

// head is the beginning of every span. Its ids and flags are written over it in place: one copy, and no test whether there
// is room for the next piece.
const (
	head       = `{"traceId":"` + zeros32 + `","spanId":"` + zeros16 + `","flags":000`
	headTrace  = len(`{"traceId":"`)
	headSpan   = headTrace + len(zeros32) + len(`","spanId":"`)
	headFlags  = headSpan + len(zeros16) + len(`","flags":`)
	zeros32    = zeros16 + zeros16
	zeros16    = "0000000000000000"
	knownFlags = trace.FlagSampled | trace.FlagRandom
)

func appendHead(dst []byte, d *trace.SpanData) []byte {
	n := len(dst)
	dst = append(dst, head...)
	h := dst[n : n+len(head)]
	trace.PutHex(h[headTrace:], d.SpanContext.TraceID[:])
	trace.PutHex(h[headSpan:], d.SpanContext.SpanID[:])
	if flags := flagsOf(d.SpanContext.TraceFlags, d.ParentRemote); flags <= 999 {
		h[headFlags], h[headFlags+1], h[headFlags+2] = '0'+byte(flags/100), '0'+byte(flags/10%10), '0'+byte(flags%10)
	} else {
		dst = json.AppendUint(dst[:n+headFlags], flags)
	}
	return dst
}

func (e *Encoder) appendSpan(dst []byte, d *trace.SpanData) []byte {
	dst = appendHead(dst, d)
	if d.ParentSpanID.IsValid() {
		dst = append(dst, `,"parentSpanId":"`+zeros16...)
		trace.PutHex(dst[len(dst)-len(zeros16):], d.ParentSpanID[:])
		dst = append(dst, '"')
	}
	if !d.SpanContext.TraceState.IsEmpty() {
		dst = append(dst, `,"traceState":`...)
		dst = json.AppendString(dst, d.SpanContext.TraceState.String())
	}
	if d.Name != "" {
		dst = append(dst, `,"name":"`...)
		dst = json.AppendText(dst, d.Name)
		dst = append(dst, '"')
	}
	if d.Kind != trace.SpanKindUnspecified && d.Kind <= trace.SpanKindConsumer {
		dst = append(dst, `,"kind":0`...)
		dst[len(dst)-1] += byte(d.Kind)
	}
	dst = e.times.append(dst, d.Start, d.End)
	if len(d.Attributes) > 0 {
		dst = append(dst, `,"attributes":`...)
		dst = e.appendAttributes(dst, d.Attributes)
	}
	dst = appendCount(dst, `,"droppedAttributesCount":`, d.DroppedAttributes)
	if len(d.Events) > 0 {
		dst = append(dst, `,"events":[`...)
		for i := range d.Events {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.appendEvent(dst, &d.Events[i])
		}
		dst = append(dst, ']')
	}
	dst = appendCount(dst, `,"droppedEventsCount":`, d.DroppedEvents)
	if len(d.Links) > 0 {
		dst = append(dst, `,"links":[`...)
		for i := range d.Links {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.appendLink(dst, &d.Links[i])
		}
		dst = append(dst, ']')
	}
	dst = appendCount(dst, `,"droppedLinksCount":`, d.DroppedLinks)
	if d.Status.Code != trace.StatusUnset && d.Status.Code <= trace.StatusError {
		dst = append(dst, `,"status":{`...)
		if d.Status.Description != "" {
			dst = append(dst, `"message":`...)
			dst = json.AppendString(dst, d.Status.Description)
			dst = append(dst, ',')
		}
		dst = append(dst, `"code":`...)
		dst = append(dst, '0'+byte(d.Status.Code), '}')
	}
	return append(dst, '}')
}

func (e *Encoder) appendEvent(dst []byte, ev *trace.Event) []byte {
	dst = append(dst, `{"timeUnixNano":"`...)
	dst = json.AppendInt(dst, max(ev.Time, 0))
	dst = append(dst, '"')
	if ev.Name != "" {
		dst = append(dst, `,"name":`...)
		dst = json.AppendString(dst, ev.Name)
	}
	return e.appendTail(dst, ev.Attributes, ev.DroppedAttributes)
}

func (e *Encoder) appendLink(dst []byte, k *trace.Link) []byte {
	dst = append(dst, `{"traceId":"`...)
	dst = trace.AppendHex(dst, k.SpanContext.TraceID[:])
	dst = append(dst, `","spanId":"`...)
	dst = trace.AppendHex(dst, k.SpanContext.SpanID[:])
	dst = append(dst, '"')
	if !k.SpanContext.TraceState.IsEmpty() {
		dst = append(dst, `,"traceState":`...)
		dst = json.AppendString(dst, k.SpanContext.TraceState.String())
	}
	dst = append(dst, `,"flags":`...)
	dst = json.AppendUint(dst, flagsOf(k.SpanContext.TraceFlags, k.SpanContext.Remote))
	return e.appendTail(dst, k.Attributes, k.DroppedAttributes)
}

func (e *Encoder) appendTail(dst []byte, attrs []trace.Attribute, dropped uint32) []byte {
	if len(attrs) > 0 {
		dst = append(dst, `,"attributes":`...)
		dst = e.appendAttributes(dst, attrs)
	}
	dst = appendCount(dst, `,"droppedAttributesCount":`, dropped)
	return append(dst, '}')
}

func appendCount(dst []byte, key string, n uint32) []byte {
	if n == 0 {
		return dst
	}
	return json.AppendUint(append(dst, key...), uint64(n))
}

func (e *Encoder) appendAttributes(dst []byte, attrs []trace.Attribute) []byte {
	dst = append(dst, '[')
	for i := range attrs {
		a := &attrs[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		kind := a.Value.Kind()
		dst = e.keys.append(dst, a.Key, kind)
		switch kind {
		case trace.KindString:
			dst = json.AppendText(dst, a.Value.Str())
			dst = append(dst, stringClose...)
		case trace.KindInt:
			dst = json.AppendInt(dst, a.Value.Int64())
			dst = append(dst, stringClose...)
		default:
			dst = appendValue(dst[:len(dst)-2], a.Value)
			dst = append(dst, '}')
		}
	}
	return append(dst, ']')
}

// appendValue appends a value as an element of a list has it, or an attribute whose kind is rarer than strings and integers.
func appendValue(dst []byte, v trace.Value) []byte {
	switch v.Kind() {
	case trace.KindBool:
		return appendBool(dst, v.Bool())
	case trace.KindFloat64:
		return appendFloat(dst, v.Float64())
	case trace.KindStrings:
		return appendList(dst, v.Strings(), appendString)
	case trace.KindBools:
		return appendList(dst, v.Bools(), appendBool)
	case trace.KindInts:
		return appendList(dst, v.Ints(), appendInt)
	case trace.KindFloat64s:
		return appendList(dst, v.Float64s(), appendFloat)
	}
	return append(dst, `{}`...)
}

func appendList[T any](dst []byte, list []T, one func([]byte, T) []byte) []byte {
	dst = append(dst, `{"arrayValue":{"values":[`...)
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, v)
	}
	return append(dst, `]}}`...)
}

func appendString(dst []byte, s string) []byte {
	dst = append(dst, `{"stringValue":`...)
	return append(json.AppendString(dst, s), '}')
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, `{"boolValue":true}`...)
	}
	return append(dst, `{"boolValue":false}`...)
}

func appendInt(dst []byte, v int64) []byte {
	dst = append(dst, `{"intValue":"`...)
	return append(json.AppendInt(dst, v), '"', '}')
}

func appendFloat(dst []byte, f float64) []byte {
	dst = append(dst, `{"doubleValue":`...)
	return append(json.AppendFloat(dst, f, false), '}')
}
