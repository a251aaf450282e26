package compact

import (
	"strings"
	"time"

	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/internal/otstate"
	"github.com/edgespan/edgespan/sdk/trace"
)

// AppendHoneycomb appends a line for each span of b to dst, in the form of Honeycomb's event API. The lines are separated by
// newlines, without one at the end:
//
//	{"time":"2023-11-14T22:13:20.00025Z","data":{"trace.trace_id":"…","trace.span_id":"…","trace.parent_id":"…",
//	 "name":"GET /","kind":"server","duration_ms":12.25,"status":"error","error":true,"service.name":"shop",
//	 "resource.cloud.region":"…","http.route":"/"},"samplerate":4}
//
// Honeycomb makes a column of each member of data, and makes text of nested objects. So the span's attributes are members of
// data. The attributes of the resource are too, with "resource." before their keys, except service.name. An attribute whose key
// is already that of another column is put into a nested object called attributes. The line of a sampled span has samplerate,
// the number of spans that it stands for, so that Honeycomb counts all of them. See https://docs.honeycomb.io/api/events/ and
// https://docs.honeycomb.io/send-data/tracing/.
func AppendHoneycomb(dst []byte, b *trace.Batch) []byte {
	for i := range b.Spans {
		d := &b.Spans[i]
		if i > 0 {
			dst = append(dst, '\n')
		}
		dst = append(dst, `{"time":"`...)
		dst = time.Unix(0, d.Start).UTC().AppendFormat(dst, time.RFC3339Nano)
		dst = append(dst, '"')
		dst = appendID(dst, `,"data":{"trace.trace_id":"`, d.SpanContext.TraceID[:])
		dst = appendID(dst, `,"trace.span_id":"`, d.SpanContext.SpanID[:])
		if d.ParentSpanID.IsValid() {
			dst = appendID(dst, `,"trace.parent_id":"`, d.ParentSpanID[:])
		}
		dst = appendHead(dst, d)
		if d.End != 0 {
			dst = append(dst, `,"duration_ms":`...)
			dst = appendDuration(dst, d.Start, d.End)
		}
		dst = appendStatus(dst, d.Status)
		if d.Status.Code == trace.StatusError {
			dst = append(dst, `,"error":true`...)
		}
		dst = appendColumns(dst, b.Resource, d.Attributes)
		dst = appendTail(dst, d)
		dst = append(dst, '}')
		if rate := sampleRate(d.SpanContext.TraceState); rate > 1 {
			dst = append(dst, `,"samplerate":`...)
			dst = json.AppendUint(dst, rate)
		}
		dst = append(dst, '}')
	}
	return dst
}

// sampleRate returns how many spans a span stands for, from the threshold in its trace state. For example, ot=th:c means four.
// Honeycomb wants a whole number. Without a threshold it is 1.
func sampleRate(state trace.TraceState) uint64 {
	const all = 1 << 56
	digits, _ := otstate.Field(state.Get(otstate.Key), "th")
	threshold, ok := otstate.Number(digits)
	if !ok {
		return 1
	}
	kept := all - threshold
	return (all + kept/2) / kept
}

const (
	serviceName    = "service.name"
	resourcePrefix = "resource."
)

// appendColumns appends the attributes of a resource and of a span as members of data.
func appendColumns(dst []byte, r *trace.Resource, attrs []trace.Attribute) []byte {
	if r != nil {
		for i := range r.Attributes {
			prefix := resourcePrefix
			if r.Attributes[i].Key == serviceName {
				prefix = ""
			}
			dst = appendAttribute(append(dst, ','), prefix, &r.Attributes[i])
		}
	}
	taken := 0
	for i := range attrs {
		if isTaken(attrs[i].Key) {
			taken++
			continue
		}
		dst = appendAttribute(append(dst, ','), "", &attrs[i])
	}
	if taken == 0 {
		return dst
	}
	n := 0
	for i := range attrs {
		if isTaken(attrs[i].Key) {
			dst = append(dst, separator(n, `,"attributes":{`)...)
			dst = appendAttribute(dst, "", &attrs[i])
			n++
		}
	}
	return append(dst, '}')
}

// isTaken reports whether a member of data with this key is something other than an attribute of the span.
func isTaken(key string) bool {
	switch key {
	case "trace.trace_id", "trace.span_id", "trace.parent_id", "parent_remote", "trace_state", "trace_flags", "name", "kind",
		"duration_ms", "status", "status_description", "error", "attributes", "dropped_attributes", "events",
		"dropped_events", "links", "dropped_links", "scope", serviceName:
		return true
	}
	return strings.HasPrefix(key, resourcePrefix)
}
