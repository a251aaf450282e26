package otlp_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/internal/spangen"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

// reference encodes a batch in the plainest way. Both encoders must write the same bytes. One of them finds the fields of a span
// by their offsets, so a wrong offset or form shows here.
func reference(b *trace.Batch) string {
	if len(b.Spans) == 0 {
		return ""
	}
	text := `{"resourceSpans":[{"resource":{`
	if b.Resource != nil {
		text += strings.TrimPrefix(refAttributes(b.Resource.Attributes), ",")
	}
	text += `},"scopeSpans":[`
	for i := range b.Spans {
		d := &b.Spans[i]
		switch {
		case i == 0:
			text += refScope(d.Scope)
		case reflect.DeepEqual(d.Scope, b.Spans[i-1].Scope):
			text += `,`
		default:
			text += `]},` + refScope(d.Scope)
		}
		text += refSpan(d)
	}
	return text + `]}]}]}`
}

func refScope(s *trace.Scope) string {
	if s == nil {
		d := trace.DefaultScope()
		s = &d
	}
	return `{"scope":{` + strings.TrimPrefix(refText("name", s.Name)+refText("version", s.Version), ",") + `},"spans":[`
}

func refSpan(d *trace.SpanData) string {
	parent := ""
	if d.ParentSpanID.IsValid() {
		parent = fmt.Sprintf(`,"parentSpanId":"%x"`, d.ParentSpanID[:])
	}
	text := refContext(d.SpanContext, parent, d.ParentRemote) + refText("name", d.Name)
	if d.Kind >= trace.SpanKindInternal && d.Kind <= trace.SpanKindConsumer {
		text += fmt.Sprintf(`,"kind":%d`, int(d.Kind))
	}
	text += fmt.Sprintf(`,"startTimeUnixNano":"%d","endTimeUnixNano":"%d"`, max(d.Start, 0), max(d.End, 0))
	text += refAttributes(d.Attributes) + refCount("droppedAttributesCount", d.DroppedAttributes)
	var events, links []string
	for _, e := range d.Events {
		events = append(events, fmt.Sprintf(`{"timeUnixNano":"%d"`, max(e.Time, 0))+refText("name", e.Name)+
			refAttributes(e.Attributes)+refCount("droppedAttributesCount", e.DroppedAttributes)+`}`)
	}
	for _, k := range d.Links {
		links = append(links, refContext(k.SpanContext, "", k.SpanContext.Remote)+
			refAttributes(k.Attributes)+refCount("droppedAttributesCount", k.DroppedAttributes)+`}`)
	}
	text += refList("events", events) + refCount("droppedEventsCount", d.DroppedEvents)
	text += refList("links", links) + refCount("droppedLinksCount", d.DroppedLinks)
	if d.Status.Code == trace.StatusOK || d.Status.Code == trace.StatusError {
		text += fmt.Sprintf(`,"status":{"code":%d`, int(d.Status.Code)) + refText("message", d.Status.Description) + `}`
	}
	return text + `}`
}

func refContext(sc trace.SpanContext, parent string, remote bool) string {
	flags := 256 + int(sc.TraceFlags)
	if remote {
		flags += 512
	}
	return fmt.Sprintf(`{"traceId":"%x","spanId":"%x"%s,"flags":%d`, sc.TraceID[:], sc.SpanID[:], parent, flags) + refText("traceState", sc.TraceState.String())
}

func refAttributes(attrs []trace.Attribute) string {
	var list []string
	for _, a := range attrs {
		list = append(list, `{"key":`+refString(a.Key)+`,"value":`+refValue(a.Value)+`}`)
	}
	return refList("attributes", list)
}

func refValue(v trace.Value) string {
	switch v.Kind() {
	case trace.KindEmpty:
		return `{}`
	case trace.KindString:
		return `{"stringValue":` + refString(v.Str()) + `}`
	case trace.KindBool:
		return fmt.Sprintf(`{"boolValue":%t}`, v.Bool())
	case trace.KindInt64:
		return fmt.Sprintf(`{"intValue":"%d"}`, v.Int64())
	case trace.KindFloat64:
		return `{"doubleValue":` + string(v.AppendFloat(nil, false)) + `}`
	}
	var list []string
	v.Each(func(element trace.Value) { list = append(list, refValue(element)) })
	return `{"arrayValue":{"values":[` + strings.Join(list, ",") + `]}}`
}

func refList(name string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return `,"` + name + `":[` + strings.Join(list, ",") + `]`
}

func refCount(name string, n uint32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(`,"%s":%d`, name, n)
}

func refText(name, s string) string {
	if s == "" {
		return ""
	}
	return `,"` + name + `":` + refString(s)
}

func refString(s string) string {
	text := ""
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			text += `\` + string(r)
		case r == '\n':
			text += `\n`
		case r == '\r':
			text += `\r`
		case r == '\t':
			text += `\t`
		case r < ' ' || r == '\u2028' || r == '\u2029':
			text += fmt.Sprintf(`\u%04x`, r)
		default:
			text += string(r)
		}
	}
	return `"` + text + `"`
}

// TestEncoderAndReference compares the encoder with the reference on random batches, in a buffer with room for all, some or
// nothing of the line.
func TestEncoderAndReference(t *testing.T) {
	used := new(otlp.Encoder)
	for seed := range uint64(1000) {
		b := spangen.Batch(randomBytes(seed, int(seed)*2))
		want := reference(b)
		for _, room := range []int{0, int(seed), len(want) - 1, len(want), len(want) + 1} {
			dst := append(make([]byte, 0, 7+max(room, 0)), "before "...)
			require.Equal(t, "before "+want, string(used.Append(dst, b)), "seed %d", seed)
		}
	}
}
