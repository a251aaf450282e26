//go:build !js || edgespan_decode

package otlp

import (
	"slices"

	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

// reader reads the fields of a span, an event or a link.
type reader struct{ jsonread.Reader }

func readerOf(v *fastjson.Value) *reader { return &reader{jsonread.Reader{Object: v}} }

func (r *reader) time(field string) int64 { return jsonread.Read(&r.Reader, field, readTime) }

func (r *reader) attributes() (attrs []trace.Attribute) {
	if r.Err == nil {
		attrs, r.Err = readAttributes(r.Object)
	}
	return attrs
}

// context reads the ids, the trace state and the flags of a span or of a link. It returns whether the flags say that the other
// span is remote.
func (r *reader) context(sc *trace.SpanContext) (remote bool) {
	r.Hex(sc.TraceID[:], "traceId")
	r.Hex(sc.SpanID[:], "spanId")
	// A malformed trace state is ignored, as in a header.
	sc.TraceState, _ = trace.ParseTraceState(r.Text("traceState"))
	flags := r.Count("flags")
	sc.TraceFlags = trace.TraceFlags(flags)
	return flags&flagsRemote != 0
}

func readSpan(d *trace.SpanData, v *fastjson.Value) error {
	r := readerOf(v)
	d.ParentRemote = r.context(&d.SpanContext)
	r.Hex(d.ParentSpanID[:], "parentSpanId")
	d.Name = r.Text("name")
	d.Kind = trace.SpanKind(readEnum(v, "kind", kindNames))
	d.Start = r.time("startTimeUnixNano")
	d.End = r.time("endTimeUnixNano")
	d.Attributes = r.attributes()
	d.DroppedAttributes = r.Count("droppedAttributesCount")
	d.DroppedEvents = r.Count("droppedEventsCount")
	d.DroppedLinks = r.Count("droppedLinksCount")
	status := jsonread.Read(&r.Reader, "status", jsonread.Object)
	d.Status.Code = trace.StatusCode(readEnum(status, "code", statusNames))
	description, err := jsonread.Text(status, "message")
	if err != nil {
		return jsonread.In("status", -1, err)
	}
	if d.Status.Code != trace.StatusUnset {
		d.Status.Description = description
	}
	if r.Err != nil {
		return r.Err
	}
	err = jsonread.Each(v, "events", func(v *fastjson.Value) error {
		r := readerOf(v)
		d.Events = append(d.Events, trace.Event{
			Name:              r.Text("name"),
			Time:              r.time("timeUnixNano"),
			Attributes:        r.attributes(),
			DroppedAttributes: r.Count("droppedAttributesCount"),
		})
		return r.Err
	})
	if err != nil {
		return err
	}
	return jsonread.Each(v, "links", func(v *fastjson.Value) error {
		r := readerOf(v)
		var k trace.Link
		k.SpanContext.Remote = r.context(&k.SpanContext)
		k.Attributes = r.attributes()
		k.DroppedAttributes = r.Count("droppedAttributesCount")
		d.Links = append(d.Links, k)
		return r.Err
	})
}

var (
	kindNames = []string{
		"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER",
	}
	statusNames = []string{"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"}
)

// readEnum returns the index in names of a name or a number. A value that a later version of OTLP may have added is 0,
// unspecified.
func readEnum(v *fastjson.Value, field string, names []string) int {
	if text, err := jsonread.Text(v, field); err == nil {
		if i := slices.Index(names, text); i >= 0 {
			return i
		}
	}
	if n, _ := jsonread.Int(v, field); n >= 0 && n < int64(len(names)) {
		return int(n)
	}
	return 0
}

// readTime reads nanoseconds since 1970, which are not negative.
func readTime(v *fastjson.Value, field string) (int64, error) {
	n, err := jsonread.Int(v, field)
	if n < 0 {
		return 0, jsonread.Bad(field, "nanoseconds since 1970", v.Get(field))
	}
	return n, err
}
