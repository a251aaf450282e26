package tracetest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Tree draws spans as text: one line for a span with its name, kind and status, below it its attributes, events and links,
// and its children further in.
//
//	GET /items/{id} [server] error "no stock"
//	    http.response.status_code=500
//	    event exception exception.message="no stock" exception.type="*errors.errorString"
//	  fetch [client]
//	      server.address="stock.example"
//
// The text has neither ids nor times, so that it is the same in each run. Attributes are in the order of their keys, spans
// with one parent in the order of their start, and by name where they start at once. A span whose parent is in another
// process says so, as does one whose parent is not among the spans.
func Tree(spans []trace.SpanData) string {
	t := tree{spans: spans, byID: index(spans), children: map[int][]int{}, drawn: make([]bool, len(spans))}
	order := make([]int, len(spans))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &spans[i], &spans[j]
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Name, b.Name))
	})
	var roots []int
	for _, i := range order {
		if parent, ok := t.byID[parentOf(&spans[i])]; ok && parent != i {
			t.children[parent] = append(t.children[parent], i)
		} else {
			roots = append(roots, i)
		}
	}
	for _, i := range append(roots, order...) { // a circle of parents has no root, and is drawn from its first span
		t.draw(i, 0)
	}
	return t.text.String()
}

type tree struct {
	text     strings.Builder
	spans    []trace.SpanData
	byID     map[spanKey]int
	children map[int][]int
	drawn    []bool
}

func (t *tree) draw(i, depth int) {
	if t.drawn[i] {
		return
	}
	t.drawn[i] = true
	d := &t.spans[i]
	indent := strings.Repeat("  ", depth)
	t.line(indent, bare(d.Name), " [", d.Kind.String(), "]", t.remarks(d))
	indent += "    "
	for _, a := range sorted(d.Attributes) {
		t.line(indent, attribute(a))
	}
	for k := range d.Events {
		t.line(indent, "event ", bare(d.Events[k].Name), inline(d.Events[k].Attributes))
	}
	for k := range d.Links {
		t.line(indent, "link to ", t.target(&d.Links[k].SpanContext), inline(d.Links[k].Attributes))
	}
	for _, child := range t.children[i] {
		t.draw(child, depth+1)
	}
}

func (t *tree) line(parts ...string) {
	for _, p := range parts {
		t.text.WriteString(p)
	}
	t.text.WriteByte('\n')
}

func (t *tree) remarks(d *trace.SpanData) (text string) {
	if d.Status != (trace.Status{}) {
		text = " " + status(d.Status)
	}
	if d.End == 0 {
		text += " (not ended)"
	}
	if _, ok := t.byID[parentOf(d)]; !ok && d.ParentSpanID.IsValid() {
		if d.ParentRemote {
			return text + " (remote parent)"
		}
		return text + " (parent not here)"
	}
	return text
}

func (t *tree) target(sc *trace.SpanContext) string {
	if i, ok := t.byID[spanKey{sc.TraceID, sc.SpanID}]; ok {
		return bare(t.spans[i].Name)
	}
	return "a span not here"
}

// inline puts attributes behind what has them.
func inline(attrs []trace.Attribute) (text string) {
	for _, a := range sorted(attrs) {
		text += " " + attribute(a)
	}
	return text
}

func sorted(attrs []trace.Attribute) []trace.Attribute {
	attrs = slices.Clone(attrs)
	slices.SortStableFunc(attrs, func(a, b trace.Attribute) int { return cmp.Compare(a.Key, b.Key) })
	return attrs
}

func attribute(a trace.Attribute) string { return bare(a.Key) + "=" + text(a.Value) }

// bare returns a name as it is, or quoted where it would break the line or not be seen.
func bare(name string) string {
	if q := strconv.Quote(name); name == "" || q != `"`+name+`"` {
		return q
	}
	return name
}
