package waterfall

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/sdk/trace"
)

// sortLogs assigns each log record to its span. Records of spans that are not shown get the zero id.
func (d *drawing) sortLogs() {
	if len(d.trace.Logs) == 0 {
		return
	}
	shown := map[trace.SpanID]bool{}
	for _, r := range d.rows {
		shown[r.Span.SpanContext.SpanID] = true
	}
	d.logs = map[trace.SpanID][]lines.Log{}
	for _, l := range d.trace.Logs {
		id := l.SpanID
		if !shown[id] {
			id = trace.SpanID{}
		}
		d.logs[id] = append(d.logs[id], l)
	}
	for _, list := range d.logs {
		slices.SortStableFunc(list, func(a, b lines.Log) int { return cmp.Compare(a.Time, b.Time) })
	}
}

// below prints the lines below row i.
func (d *drawing) below(i int) {
	r := d.rows[i]
	s := r.Span
	indent := safetext.Spaces(margin) + d.indent(i)
	if text := s.Problem(); text != "" {
		d.under(indent, d.bad(d.note+" "), text, d.bad)
	}
	switch {
	case r.Cycle:
		d.under(indent, d.warn("? "), "its parent "+s.ParentSpanID.String()+" is one of its descendants", d.warn)
	case r.Missing && !s.ParentRemote:
		d.under(indent, d.warn("? "), "its parent "+s.ParentSpanID.String()+" is missing", d.warn)
	case r.Early:
		early := traces.Between(s.Start, d.rows[r.Parent].Span.Start)
		d.under(indent, d.warn("? "), "starts "+formatDuration(early, d.micro)+" before its parent", d.warn)
	}
	if s.Backwards() {
		d.under(indent, d.warn("? "), "ends "+formatDuration(traces.Between(s.End, s.Start), d.micro)+" before it starts", d.warn)
	}
	if d.Attributes {
		d.attributes(indent, s.Attributes, s.DroppedAttributes)
		for j := range s.Events {
			d.eventBelow(indent, s, &s.Events[j])
		}
		if s.DroppedEvents > 0 {
			d.under(indent, "", count(int(s.DroppedEvents), "event")+" dropped", d.dim)
		}
		for i := range s.Links {
			k := &s.Links[i]
			d.under(indent, d.dim("-> "), linkText(&k.SpanContext), d.dim)
			d.attributes(indent+"   ", k.Attributes, k.DroppedAttributes)
		}
	}
	if id := s.SpanContext.SpanID; id.IsValid() {
		for j := range d.logs[id] {
			d.logLine(&d.logs[id][j], indent)
		}
		delete(d.logs, id) // if two spans have the same id, the first gets the records
	}
}

// under prints a text below its row: one line of it, cut to the width, or all of it with Attributes. head is already painted.
func (d *drawing) under(indent, head, text string, p paint) {
	width := d.Width - safetext.Width(indent) - 3
	if !d.Attributes {
		d.print(d.dim(indent), head, p(safetext.Cut(text, width, d.cut)))
		return
	}
	for _, line := range safetext.Wrap(cutBytes(text), width) {
		d.print(d.dim(indent), head, p(line))
		head = "  "
	}
}

func (d *drawing) attributes(indent string, attrs []trace.Attribute, dropped uint32) {
	for _, a := range attrs {
		d.under(indent, "", safetext.Clean(cutBytes(a.Key))+" = "+ValueText(a.Value), d.dim)
	}
	if dropped > 0 {
		d.under(indent, "", count(int(dropped), "attribute")+" dropped", d.dim)
	}
}

// eventBelow prints an event with the time since the start of its span.
func (d *drawing) eventBelow(indent string, s *traces.Span, e *trace.Event) {
	d.under(indent, d.mark(d.event+" "), "+"+formatDuration(traces.Between(s.Start, e.Time), d.micro)+"  "+e.Name, plain)
	d.attributes(indent+"   ", e.Attributes, e.DroppedAttributes)
}

// linkText returns the target of a link, which may be empty, and its trace state.
func linkText(sc *trace.SpanContext) (text string) {
	if sc.TraceID.IsValid() {
		text += " trace " + sc.TraceID.String()
	}
	if sc.SpanID.IsValid() {
		text += " span " + sc.SpanID.String()
	}
	if text == "" {
		text = " no span"
	}
	if !sc.TraceState.IsEmpty() {
		text += " state " + sc.TraceState.String()
	}
	return text[1:]
}

func (d *drawing) logLine(l *lines.Log, indent string) {
	var b strings.Builder
	if start, _ := d.trace.Bounds(); l.Time != 0 && start != 0 {
		fmt.Fprintf(&b, "+%s  ", formatDuration(traces.Between(start, l.Time), d.micro))
	}
	if l.Severity != "" {
		b.WriteString(cutBytes(l.Severity) + "  ")
	}
	b.WriteString(cutBytes(l.Body))
	p := paint(plain)
	if strings.HasPrefix(l.Severity, "ERR") || strings.HasPrefix(l.Severity, "FATAL") {
		p = d.bad
	}
	d.under(indent, d.dim("> "), b.String(), p)
	if d.Attributes {
		d.attributes(indent+"  ", l.Attributes, 0)
	}
}

// resources prints the resource of each service once.
func (d *drawing) resources() {
	done := map[string]bool{}
	var last *trace.Resource // most spans of a service share it
	for _, r := range d.trace.Rows() {
		res := r.Span.Resource
		if res == nil || res == last {
			continue
		}
		last = res
		var text strings.Builder
		for _, a := range res.Attributes {
			fmt.Fprintf(&text, "%q %v %q\n", a.Key, a.Value.Kind(), ValueText(a.Value))
		}
		if !done[text.String()] {
			done[text.String()] = true
			d.attributes(safetext.Spaces(margin), res.Attributes, 0)
		}
	}
}

// maxText is how many bytes of one text are shown.
const maxText = 16 << 10

func cutBytes(s string) string {
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "") + "..."
	}
	return s
}

// ValueText returns a value as text for people.
func ValueText(v trace.Value) string {
	switch v.Kind() {
	case trace.KindString:
		return v.Str()
	case trace.KindBool:
		return strconv.FormatBool(v.Bool())
	case trace.KindInt64:
		return strconv.FormatInt(v.Int64(), 10)
	case trace.KindFloat64:
		return strconv.FormatFloat(v.Float64(), 'g', -1, 64)
	case trace.KindStrings:
		return fmt.Sprintf("%q", v.Strings())
	case trace.KindBools:
		return fmt.Sprint(v.Bools())
	case trace.KindInt64s:
		return fmt.Sprint(v.Int64s())
	case trace.KindFloat64s:
		return fmt.Sprint(v.Float64s())
	}
	return ""
}
