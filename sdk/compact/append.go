package compact

import (
	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/internal/json"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Append appends a line for each span of b to dst. The lines are separated by newlines, without one at the end.
func Append(dst []byte, b *trace.Batch) []byte {
	start, end := 0, 0 // where dst has the encoded resource, once a line has it
	for i := range b.Spans {
		d := &b.Spans[i]
		if i > 0 {
			dst = append(dst, '\n')
		}
		dst = appendID(dst, `{"trace_id":"`, d.SpanContext.TraceID[:])
		dst = appendID(dst, `,"span_id":"`, d.SpanContext.SpanID[:])
		if d.ParentSpanID.IsValid() {
			dst = appendID(dst, `,"parent_span_id":"`, d.ParentSpanID[:])
		}
		dst = appendHead(dst, d)
		dst = append(dst, `,"start_time_ms":`...)
		dst = appendMillis(dst, d.Start)
		if d.End != 0 {
			dst = append(dst, `,"end_time_ms":`...)
			dst = appendMillis(dst, d.End)
			dst = append(dst, `,"duration_ms":`...)
			dst = appendDuration(dst, d.Start, d.End)
		}
		dst = appendStatus(dst, d.Status)
		dst = append(dst, `,"attributes":{`...)
		dst = appendAttributes(dst, d.Attributes)
		dst = append(dst, '}')
		dst = appendTail(dst, d)
		switch {
		case end > 0:
			dst = append(dst, dst[start:end]...)
		case b.Resource != nil && len(b.Resource.Attributes) > 0:
			start = len(dst)
			dst = append(dst, `,"resource":{`...)
			dst = appendAttributes(dst, b.Resource.Attributes)
			dst = append(dst, '}')
			end = len(dst)
		}
		dst = append(dst, '}')
	}
	return dst
}

func appendID(dst []byte, key string, id []byte) []byte {
	return append(hex.Append(append(dst, key...), id), '"')
}

// appendHead appends the fields between the ids and the times.
func appendHead(dst []byte, d *trace.SpanData) []byte {
	if d.ParentRemote {
		dst = append(dst, `,"parent_remote":true`...)
	}
	dst = appendContext(dst, &d.SpanContext)
	dst = append(dst, `,"name":`...)
	dst = json.AppendString(dst, d.Name)
	dst = append(dst, `,"kind":"`...)
	dst = append(dst, d.Kind.String()...)
	return append(dst, '"')
}

// appendContext appends the fields of a span context other than its ids.
func appendContext(dst []byte, sc *trace.SpanContext) []byte {
	if !sc.TraceState.IsEmpty() {
		dst = append(dst, `,"trace_state":`...)
		dst = json.AppendString(dst, sc.TraceState.String())
	}
	return appendCount(dst, `,"trace_flags":`, uint32(sc.TraceFlags))
}

func appendStatus(dst []byte, s trace.Status) []byte {
	dst = append(dst, `,"status":"`...)
	dst = append(dst, s.Code.String()...)
	dst = append(dst, '"')
	if s.Description != "" {
		dst = append(dst, `,"status_description":`...)
		dst = json.AppendString(dst, s.Description)
	}
	return dst
}

// appendTail appends the fields that most spans do not have.
func appendTail(dst []byte, d *trace.SpanData) []byte {
	dst = appendCount(dst, `,"dropped_attributes":`, d.DroppedAttributes)
	for i := range d.Events {
		e := &d.Events[i]
		dst = append(dst, separator(i, `,"events":[`)...)
		dst = append(dst, `{"name":`...)
		dst = json.AppendString(dst, e.Name)
		dst = append(dst, `,"time_ms":`...)
		dst = appendMillis(dst, e.Time)
		dst = appendInner(dst, e.Attributes, e.DroppedAttributes)
	}
	if len(d.Events) > 0 {
		dst = append(dst, ']')
	}
	dst = appendCount(dst, `,"dropped_events":`, d.DroppedEvents)
	for i := range d.Links {
		k := &d.Links[i]
		dst = append(dst, separator(i, `,"links":[`)...)
		dst = appendID(dst, `{"trace_id":"`, k.SpanContext.TraceID[:])
		dst = appendID(dst, `,"span_id":"`, k.SpanContext.SpanID[:])
		if k.SpanContext.Remote {
			dst = append(dst, `,"remote":true`...)
		}
		dst = appendContext(dst, &k.SpanContext)
		dst = appendInner(dst, k.Attributes, k.DroppedAttributes)
	}
	if len(d.Links) > 0 {
		dst = append(dst, ']')
	}
	dst = appendCount(dst, `,"dropped_links":`, d.DroppedLinks)
	if d.Scope != nil {
		dst = appendScope(dst, d.Scope)
	}
	return dst
}

// appendInner appends the attributes of an event or a link, and ends it.
func appendInner(dst []byte, attrs []trace.Attribute, dropped uint32) []byte {
	if len(attrs) > 0 {
		dst = append(dst, `,"attributes":{`...)
		dst = appendAttributes(dst, attrs)
		dst = append(dst, '}')
	}
	dst = appendCount(dst, `,"dropped_attributes":`, dropped)
	return append(dst, '}')
}

func appendScope(dst []byte, s *trace.Scope) []byte {
	dst = append(dst, `,"scope":{`...)
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
	return append(dst, '}')
}

func appendCount(dst []byte, key string, n uint32) []byte {
	if n == 0 {
		return dst
	}
	return json.AppendUint(append(dst, key...), uint64(n))
}

// separator returns what comes before the i-th element of a list that begins with open.
func separator(i int, open string) string {
	if i > 0 {
		return ","
	}
	return open
}
