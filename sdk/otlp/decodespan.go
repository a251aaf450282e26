//go:build !js

package otlp

import (
	"slices"

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

func (r *reader) text(field string) string  { return read(r, field, jsonread.Text) }
func (r *reader) count(field string) uint32 { return read(r, field, jsonread.Count) }
func (r *reader) time(field string) int64   { return read(r, field, readTime) }

func (r *reader) hex(dst []byte, field string) {
	if r.err == nil {
		r.err = jsonread.Hex(dst, r.v, field)
	}
}

func (r *reader) attributes() (attrs []trace.Attribute) {
	if r.err == nil {
		attrs, r.err = readAttributes(r.v)
	}
	return attrs
}

// context reads what identifies a span or, within a link, the other span. The other flags are returned.
func (r *reader) context(sc *trace.SpanContext) (remote bool) {
	r.hex(sc.TraceID[:], "traceId")
	r.hex(sc.SpanID[:], "spanId")
	// A trace state that is not well-formed is as good as none, here as in a header.
	sc.TraceState, _ = trace.ParseTraceState(r.text("traceState"))
	flags := r.count("flags")
	sc.TraceFlags = trace.TraceFlags(flags)
	return flags&flagsRemote != 0
}

func readSpan(d *trace.SpanData, v *fastjson.Value) error {
	r := &reader{v: v}
	d.ParentRemote = r.context(&d.SpanContext)
	r.hex(d.ParentSpanID[:], "parentSpanId")
	d.Name = r.text("name")
	d.Kind = trace.SpanKind(readEnum(v, "kind", kindNames))
	d.Start = r.time("startTimeUnixNano")
	d.End = r.time("endTimeUnixNano")
	d.Attributes = r.attributes()
	d.DroppedAttributes = r.count("droppedAttributesCount")
	d.DroppedEvents = r.count("droppedEventsCount")
	d.DroppedLinks = r.count("droppedLinksCount")
	if status := read(r, "status", jsonread.Object); status != nil && r.err == nil {
		d.Status.Code = trace.StatusCode(readEnum(status, "code", statusNames))
		description, err := jsonread.Text(status, "message")
		if err != nil {
			return jsonread.In("status", -1, err)
		}
		if d.Status.Code != trace.StatusUnset {
			d.Status.Description = description
		}
	}
	if r.err != nil {
		return r.err
	}
	err := jsonread.Each(v, "events", func(v *fastjson.Value) error {
		r := &reader{v: v}
		d.Events = append(d.Events, trace.Event{
			Name:              r.text("name"),
			Time:              r.time("timeUnixNano"),
			Attributes:        r.attributes(),
			DroppedAttributes: r.count("droppedAttributesCount"),
		})
		return r.err
	})
	if err != nil {
		return err
	}
	return jsonread.Each(v, "links", func(v *fastjson.Value) error {
		r := &reader{v: v}
		var k trace.Link
		k.SpanContext.Remote = r.context(&k.SpanContext)
		k.Attributes = r.attributes()
		k.DroppedAttributes = r.count("droppedAttributesCount")
		d.Links = append(d.Links, k)
		return r.err
	})
}

var (
	kindNames = []string{
		"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER",
	}
	statusNames = []string{"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"}
)

// readEnum returns the place among names of a name or a number. What a later version may have added is 0, the unknown.
func readEnum(v *fastjson.Value, field string, names []string) int {
	if text, err := jsonread.Text(v, field); err == nil {
		if i := slices.Index(names, text); i >= 0 {
			return i
		}
	}
	if n, err := jsonread.Int(v, field); err == nil && n >= 0 && n < int64(len(names)) {
		return int(n)
	}
	return 0
}

// readTime reads nanoseconds since 1970, which are unsigned.
func readTime(v *fastjson.Value, field string) (int64, error) {
	n, err := jsonread.Int(v, field)
	if err == nil && n < 0 {
		return 0, jsonread.Bad(field, "nanoseconds since 1970", v.Get(field))
	}
	return n, err
}
