package compact

import (
	"strings"

	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

// reader reads the fields of one object. The first error stays, and what is read after it is zero.
type reader struct {
	v   *fastjson.Value
	err error
}

func read[T any](r *reader, field string, one func(v *fastjson.Value, field string) (T, error)) (value T) {
	if r.err == nil {
		value, r.err = one(r.v, field)
	}
	return value
}

func (r *reader) text(field string) string                  { return read(r, field, jsonread.Text) }
func (r *reader) bool(field string) bool                    { return read(r, field, jsonread.Bool) }
func (r *reader) count(field string) uint32                 { return read(r, field, jsonread.Count) }
func (r *reader) attributes(field string) []trace.Attribute { return read(r, field, readAttributes) }

// id reads hex digits. One that must be there tells spans from other lines.
func (r *reader) id(dst []byte, field string, required bool) {
	switch {
	case r.err != nil:
	case required && jsonread.IsNull(r.v.Get(field)):
		r.err = jsonread.Bad(field, "hex digits", nil)
	default:
		r.err = jsonread.Hex(dst, r.v, field)
	}
}

// context reads what a span context holds beside its ids.
func (r *reader) context(sc *trace.SpanContext) {
	// A trace state that is not well-formed is as good as none, here as in a header.
	sc.TraceState, _ = trace.ParseTraceState(r.text("trace_state"))
	sc.TraceFlags = trace.TraceFlags(r.count("trace_flags"))
}

// time reads milliseconds since 1970.
func (r *reader) time(field string) int64 { return r.millis(field, 0) }

// end reads a span's end from its duration. Without one the span has not ended.
func (r *reader) end(start int64) int64 {
	if r.err != nil || jsonread.IsNull(r.v.Get("duration_ms")) {
		return 0
	}
	return r.millis("duration_ms", start)
}

// millis reads milliseconds that count from a time in nanoseconds.
func (r *reader) millis(field string, since int64) int64 {
	v := r.v.Get(field)
	if r.err != nil || jsonread.IsNull(v) {
		return 0
	}
	if v.Type() == fastjson.TypeNumber {
		if negative, nanos, ok := parseMillis(jsonread.Digits(v)); ok {
			if at, ok := addNanos(since, negative, nanos); ok {
				return at
			}
		}
	}
	r.err = jsonread.Bad(field, "milliseconds between the years 1678 and 2262", v)
	return 0
}

func (r *reader) each(field string, one func(r *reader)) {
	if r.err == nil {
		r.err = jsonread.Each(r.v, field, func(v *fastjson.Value) error {
			inner := &reader{v: v}
			one(inner)
			return inner.err
		})
	}
}

func (r *reader) scope() *trace.Scope {
	v := read(r, "scope", jsonread.Object)
	if v == nil {
		return nil
	}
	inner := &reader{v: v}
	s := &trace.Scope{Name: inner.text("name"), Version: inner.text("version")}
	if inner.err != nil {
		r.err = jsonread.In("scope", -1, inner.err)
	}
	return s
}

// columns reads the members of Honeycomb's data that are attributes.
func (r *reader) columns(resource, span *[]trace.Attribute) {
	if r.err != nil {
		return
	}
	r.v.GetObject().Visit(func(k []byte, v *fastjson.Value) {
		key, attrs := jsonread.Clean(k), span
		if rest, ok := strings.CutPrefix(key, resourcePrefix); ok {
			key, attrs = rest, resource
		} else if key == serviceName {
			attrs = resource
		} else if isTaken(key) {
			return
		}
		a, err := readAttribute(key, v)
		if err != nil && r.err == nil {
			r.err = err
		}
		*attrs = append(*attrs, a)
	})
}
