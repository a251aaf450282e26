package compact

import (
	"strings"

	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

// reader reads the fields of a line, an event, a link or a scope.
type reader struct{ jsonread.Reader }

func readerOf(v *fastjson.Value) *reader { return &reader{jsonread.Reader{Object: v}} }

func (r *reader) bool(field string) bool { return jsonread.Read(&r.Reader, field, jsonread.Bool) }
func (r *reader) attributes(field string) []trace.Attribute {
	return jsonread.Read(&r.Reader, field, readAttributes)
}

// id reads hex digits. An id that is required distinguishes spans from other lines.
func (r *reader) id(dst []byte, field string, required bool) {
	if r.Err == nil && required && jsonread.IsNull(r.Object.Get(field)) {
		r.Err = jsonread.Bad(field, "hex digits", nil)
	}
	r.Hex(dst, field)
}

// context reads the fields of a span context other than its ids.
func (r *reader) context(sc *trace.SpanContext) {
	// A malformed trace state is ignored, as in a header.
	sc.TraceState, _ = trace.ParseTraceState(r.Text("trace_state"))
	sc.TraceFlags = trace.TraceFlags(r.Count("trace_flags"))
}

// time reads milliseconds since 1970.
func (r *reader) time(field string) int64 { return r.millis(field, 0) }

// end reads a span's end from its duration. A span without a duration has not ended.
func (r *reader) end(start int64) int64 { return r.millis("duration_ms", start) }

// millis reads a number of milliseconds since a time in nanoseconds. If the field is missing, it returns 0.
func (r *reader) millis(field string, since int64) int64 {
	v := r.Object.Get(field)
	if r.Err != nil || jsonread.IsNull(v) {
		return 0
	}
	if v.Type() == fastjson.TypeNumber {
		if negative, nanos, ok := parseMillis(jsonread.Digits(v)); ok {
			if at, ok := addNanos(since, negative, nanos); ok {
				return at
			}
		}
	}
	r.Err = jsonread.Bad(field, "milliseconds between the years 1678 and 2262", v)
	return 0
}

func (r *reader) each(field string, one func(r *reader)) {
	if r.Err == nil {
		r.Err = jsonread.Each(r.Object, field, func(v *fastjson.Value) error {
			inner := readerOf(v)
			one(inner)
			return inner.Err
		})
	}
}

func (r *reader) scope() *trace.Scope {
	v := jsonread.Read(&r.Reader, "scope", jsonread.Object)
	if v == nil {
		return nil
	}
	inner := readerOf(v)
	s := &trace.Scope{Name: inner.Text("name"), Version: inner.Text("version")}
	if inner.Err != nil {
		r.Err = jsonread.In("scope", -1, inner.Err)
	}
	return s
}

// columns reads the members of Honeycomb's data that are attributes.
func (r *reader) columns(resource, span *[]trace.Attribute) {
	if r.Err != nil {
		return
	}
	r.Object.GetObject().Visit(func(k []byte, v *fastjson.Value) {
		key, attrs := jsonread.Clean(k), span
		if rest, ok := strings.CutPrefix(key, resourcePrefix); ok {
			key, attrs = rest, resource
		} else if key == serviceName {
			attrs = resource
		} else if isTaken(key) {
			return
		}
		a, err := readAttribute(key, v)
		if r.Err == nil { // the first error is returned
			r.Err = err
		}
		*attrs = append(*attrs, a)
	})
}
