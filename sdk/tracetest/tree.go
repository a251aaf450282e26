package tracetest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Tree draws spans as text. Each span is a line with its name, kind and status. Below it are its attributes, events and links,
// and its children, indented.
//
//	GET /items/{id} [server] error "no stock"
//	    http.response.status_code=500
//	    event exception exception.message="no stock" exception.type="*errors.errorString"
//	  fetch [client]
//	      server.address="stock.example"
//
// The text has no ids, times or stack traces, so that it is the same in each run. Attributes are sorted by key. Spans with the
// same parent are sorted by start, and by name if they start at the same time. A span whose parent is in another process, or
// not among the spans, is marked so.
func Tree(spans []trace.SpanData) string {
	return draw(spans, Waterfall{Attributes: []string{"*"}, Events: true}, false)
}

const stackTrace = "exception.stacktrace" // its value has addresses, and takes kilobytes

// tree draws the spans of one text.
type tree struct {
	Waterfall
	byText   bool // siblings are sorted by their text, not by their start
	spans    []trace.SpanData
	byID     map[spanKey]int
	roots    []int
	children map[int][]int
	drawn    []bool
	bars     bars
}

func draw(spans []trace.SpanData, w Waterfall, byText bool) string {
	t := &tree{Waterfall: w, byText: byText, spans: spans, byID: index(spans), children: map[int][]int{}, drawn: make([]bool, len(spans))}
	order := make([]int, len(spans))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &spans[i], &spans[j]
		if w.Steps { // spans of one batch are in the order in which they were started
			return cmp.Compare(a.Start, b.Start)
		}
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Name, b.Name))
	})
	for _, i := range order {
		if parent, ok := t.byID[parentOf(&spans[i])]; ok && parent != i {
			t.children[parent] = append(t.children[parent], i)
		} else {
			t.roots = append(t.roots, i)
		}
	}
	if w.Steps {
		t.bars = newBars(t)
	}
	return t.siblings(t.roots, 0) + t.siblings(order, 0) // spans in a circle of parents have no root
}

// siblings draws spans and their descendants.
func (t *tree) siblings(list []int, depth int) string {
	var texts []string
	for _, i := range list {
		if !t.drawn[i] {
			t.drawn[i] = true
			texts = append(texts, t.span(i, depth))
		}
	}
	if t.byText {
		slices.Sort(texts)
	}
	return strings.Join(texts, "")
}

func (t *tree) span(i, depth int) string {
	d := &t.spans[i]
	indent := strings.Repeat("  ", depth)
	text := line(t.bars.of(i), indent, bare(d.Name), " [", d.Kind.String(), "]", t.remarks(d))
	indent = t.bars.none() + indent + "    "
	for _, a := range t.shown(d.Attributes) {
		text += line(indent, a)
	}
	if t.Events {
		for k := range d.Events {
			text += line(indent, "event ", bare(d.Events[k].Name), t.inline(d.Events[k].Attributes))
		}
		for k := range d.Links {
			text += line(indent, "link to ", t.target(&d.Links[k].SpanContext), t.inline(d.Links[k].Attributes))
		}
	}
	return text + t.siblings(t.children[i], depth+1)
}

func line(parts ...string) string { return strings.Join(parts, "") + "\n" }

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
	if !sc.IsValid() {
		return "no span"
	}
	return "a span not here"
}

// inline returns the attributes of an event or a link, for the end of its line.
func (t *tree) inline(attrs []trace.Attribute) (text string) {
	for _, a := range t.shown(attrs) {
		text += " " + a
	}
	return text
}

// shown returns the texts of the attributes to show, sorted by key.
func (t *tree) shown(attrs []trace.Attribute) (texts []string) {
	attrs = slices.Clone(attrs)
	slices.SortStableFunc(attrs, func(a, b trace.Attribute) int { return cmp.Compare(a.Key, b.Key) })
	for _, a := range attrs {
		switch {
		case matches(t.Vary, a.Key), a.Key == stackTrace && matches(t.Attributes, a.Key):
			texts = append(texts, bare(a.Key)+"=*")
		case matches(t.Attributes, a.Key):
			texts = append(texts, bare(a.Key)+"="+text(a.Value))
		}
	}
	return texts
}

// bare returns a name unchanged, or quoted if it would break the line or be invisible.
func bare(name string) string {
	if q := strconv.Quote(name); name == "" || q != `"`+name+`"` {
		return q
	}
	return name
}
