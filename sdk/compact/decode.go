package compact

import (
	"time"

	"github.com/edgespan/edgespan/sdk/internal/jsonread"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/valyala/fastjson"
)

// Decode decodes one line of [Append], [AppendHoneycomb] or [AppendBigQuery]. The result is a batch with one span.
//
// The span equals the one that was encoded, with these exceptions. NaN and the infinities become strings. An attribute with an
// empty list, or with a list of nothing but NaN and infinities, becomes a list of strings. A byte that is not UTF-8 becomes
// U+FFFD. A kind or a status code that does not exist becomes unspecified or unset. In a line for Honeycomb, attributes whose
// keys are also those of columns come last.
//
// Lines of other writers may have null, objects and mixed lists as attributes. null becomes a Value of [trace.KindEmpty], and
// the others become strings that hold JSON. Unknown fields are ignored, except that unknown columns of Honeycomb are
// attributes.
//
// An error says where in the line it is. The result shares no memory with line.
func Decode(line []byte) (trace.Batch, error) {
	var b trace.Batch
	err := jsonread.Line("compact", line, func(v *fastjson.Value) (err error) {
		if data := v.Get("data"); data != nil && data.Type() == fastjson.TypeObject && v.Get("trace_id") == nil {
			b, err = readHoneycomb(v, data)
		} else {
			b, err = readLine(v)
		}
		return err
	})
	if err != nil {
		return trace.Batch{}, err
	}
	return b, nil
}

func readLine(v *fastjson.Value) (trace.Batch, error) {
	b := trace.Batch{Resource: new(trace.Resource), Spans: make([]trace.SpanData, 1)}
	d := &b.Spans[0]
	r := &reader{jsonread.Reader{Object: v, Err: jsonread.Unquote(v, "attributes", "events", "links", "scope", "resource")}}
	r.id(d.SpanContext.TraceID[:], "trace_id", true)
	r.id(d.SpanContext.SpanID[:], "span_id", true)
	r.id(d.ParentSpanID[:], "parent_span_id", false)
	d.Start = r.time("start_time_ms")
	if d.End = r.time("end_time_ms"); d.End == 0 {
		d.End = r.end(d.Start)
	}
	d.Attributes = r.attributes("attributes")
	b.Resource.Attributes = r.attributes("resource")
	r.span(d)
	return b, r.Err
}

func readHoneycomb(line, data *fastjson.Value) (trace.Batch, error) {
	b := trace.Batch{Resource: new(trace.Resource), Spans: make([]trace.SpanData, 1)}
	d := &b.Spans[0]
	at, err := jsonread.Text(line, "time")
	if err != nil {
		return b, err
	}
	if at != "" {
		t, err := time.Parse(time.RFC3339Nano, at)
		if d.Start = t.UnixNano(); err != nil || !time.Unix(0, d.Start).Equal(t) {
			return b, jsonread.Bad("time", "a time as of RFC 3339", line.Get("time"))
		}
	}
	r := readerOf(data)
	r.id(d.SpanContext.TraceID[:], "trace.trace_id", true)
	r.id(d.SpanContext.SpanID[:], "trace.span_id", true)
	r.id(d.ParentSpanID[:], "trace.parent_id", false)
	d.End = r.end(d.Start)
	r.columns(&b.Resource.Attributes, &d.Attributes)
	d.Attributes = append(d.Attributes, r.attributes("attributes")...)
	r.span(d)
	if r.Err != nil {
		return b, jsonread.In("data", -1, r.Err)
	}
	return b, nil
}

// span reads the fields that have the same name in both forms.
func (r *reader) span(d *trace.SpanData) {
	d.ParentRemote = r.bool("parent_remote")
	r.context(&d.SpanContext)
	d.Name = r.Text("name")
	d.Kind = trace.ParseSpanKind(r.Text("kind"))
	d.Status.Code = trace.ParseStatusCode(r.Text("status"))
	d.Status.Description = r.Text("status_description")
	d.DroppedAttributes = r.Count("dropped_attributes")
	r.each("events", func(r *reader) {
		d.Events = append(d.Events, trace.Event{
			Name:              r.Text("name"),
			Time:              r.time("time_ms"),
			Attributes:        r.attributes("attributes"),
			DroppedAttributes: r.Count("dropped_attributes"),
		})
	})
	d.DroppedEvents = r.Count("dropped_events")
	r.each("links", func(r *reader) {
		var k trace.Link
		r.id(k.SpanContext.TraceID[:], "trace_id", true)
		r.id(k.SpanContext.SpanID[:], "span_id", true)
		k.SpanContext.Remote = r.bool("remote")
		r.context(&k.SpanContext)
		k.Attributes = r.attributes("attributes")
		k.DroppedAttributes = r.Count("dropped_attributes")
		d.Links = append(d.Links, k)
	})
	d.DroppedLinks = r.Count("dropped_links")
	d.Scope = r.scope()
}
