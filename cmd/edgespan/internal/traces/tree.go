package traces

import (
	"cmp"
	"slices"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Row is a span's place in the tree.
type Row struct {
	Span     *Span
	Parent   int // index of the parent's row, -1 at the top
	Depth    int
	Children int  // directly below
	Last     bool // no sibling follows
	Missing  bool // the parent that it names is not here
	Cycle    bool // its parent is one of its own descendants
	Early    bool // it starts before its parent: their clocks differ
}

// Rows returns the tree in reading order. The slice belongs to the trace, and is rebuilt after a span was added.
func (t *Trace) Rows() []Row {
	if t.rows == nil && len(t.Spans) > 0 {
		t.rows = layOut(t.Spans)
	}
	return t.rows
}

// tree holds the spans, by index, while they are laid out.
type tree struct {
	spans    []*Span
	parent   []int // -1 for none
	children [][]int
	placed   []bool
	rows     []Row
}

func layOut(spans []*Span) []Row {
	t := &tree{
		spans:    spans,
		parent:   make([]int, len(spans)),
		children: make([][]int, len(spans)),
		placed:   make([]bool, len(spans)),
		rows:     make([]Row, 0, len(spans)),
	}
	t.link()
	// A span that leads to no top is in a cycle or below one. The cycle is cut at its earliest span. The tops come first in any case.
	order := make([]int, len(spans))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(t.rank(a), t.rank(b)), byStart(spans[a], spans[b]))
	})
	for _, i := range order {
		if !t.placed[i] {
			t.place(i)
		}
	}
	return t.rows
}

func byStart(a, b *Span) int { return cmp.Compare(a.Start, b.Start) }

// link finds each span's parent. If several spans share an id, the first is the parent.
func (t *tree) link() {
	index := make(map[trace.SpanID]int, len(t.spans))
	for i, s := range t.spans {
		if _, ok := index[s.SpanContext.SpanID]; !ok {
			index[s.SpanContext.SpanID] = i
		}
	}
	for i, s := range t.spans {
		t.parent[i] = -1
		if p, ok := index[s.ParentSpanID]; ok && p != i && s.ParentSpanID.IsValid() {
			t.parent[i] = p
			t.children[p] = append(t.children[p], i)
		}
	}
	for _, list := range t.children {
		slices.SortStableFunc(list, func(a, b int) int { return byStart(t.spans[a], t.spans[b]) })
	}
}

// rank orders the spans at the top.
func (t *tree) rank(i int) int {
	s := t.spans[i]
	switch {
	case t.parent[i] >= 0:
		return 3
	case !s.ParentSpanID.IsValid():
		return 0
	case s.ParentRemote:
		return 1
	default:
		return 2
	}
}

// place appends the rows of span i and of all spans below it.
func (t *tree) place(i int) {
	s := t.spans[i]
	top := Row{Span: s, Parent: -1, Last: true, Cycle: t.parent[i] >= 0 || s.ParentSpanID == s.SpanContext.SpanID && s.ParentSpanID.IsValid()}
	top.Missing = s.ParentSpanID.IsValid() && !top.Cycle
	type todo struct {
		span int
		row  Row
	}
	t.placed[i] = true
	stack := []todo{{i, top}}
	for len(stack) > 0 {
		next := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		at := len(t.rows)
		t.rows = append(t.rows, next.row)
		before := len(stack)
		for _, c := range slices.Backward(t.children[next.span]) {
			if t.placed[c] {
				continue
			}
			t.placed[c] = true
			child := t.spans[c]
			stack = append(stack, todo{c, Row{
				Span:   child,
				Parent: at,
				Depth:  next.row.Depth + 1,
				Last:   len(stack) == before,
				Early:  early(child, next.row.Span),
			}})
		}
		t.rows[at].Children = len(stack) - before
	}
}

// early tells whether a span starts before its parent. A span that encloses a parent in another process is meant to be like that,
// as a page load is below the server's span that made the page. Clocks that differ only shift a span.
func early(s, parent *Span) bool {
	round := s.ParentRemote && s.End > parent.End && parent.End != 0
	return s.Start != 0 && s.Start < parent.Start && !round
}
