package tracetest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Waterfall says how [Waterfall.Draw] draws spans. The text is the same in each run, however fast the machine is, so that
// [AssertGolden] can compare it with a file. The zero value shows names, kinds and statuses.
type Waterfall struct {
	// Attributes are the keys of the attributes to show. A '*' at the end stands for any text: "http.*", or "*" for all
	// attributes.
	Attributes []string
	// Vary are the keys of attributes whose values differ in each run. They are shown as key=*. So is exception.stacktrace, if
	// Attributes include it.
	Vary []string
	// Events also shows events and links.
	Events bool

	// Steps draws a bar before each span. Each start and each end of a span gets a column, in the order in which they happened,
	// whatever the time in between. Spans with the same parent are sorted by start. It is for code that does one thing after
	// the other.
	//
	// Without Steps, spans with the same parent are sorted by their text, which is the same in each run even if goroutines
	// start them.
	Steps bool
}

// Draw draws spans as text. Each span is a line with its name, kind and status. Its children are below it, indented. For
// example,
//
//	tracetest.Waterfall{Attributes: []string{"http.response.*"}, Steps: true}
//
// may draw
//
//	========  GET /items/{id} [server]
//	              http.response.status_code=200
//	 ====       fetch [internal]
//	  ==          GET [client]
//	                  http.response.status_code=200
//	     ==     render [internal]
func (w Waterfall) Draw(spans []trace.SpanData) string { return draw(spans, w, !w.Steps) }

// matches reports whether one of the patterns matches a key.
func matches(patterns []string, key string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		prefix, open := strings.CutSuffix(p, "*")
		return p == key || open && strings.HasPrefix(key, prefix)
	})
}

// bars holds the columns in which each span starts and ends. nil draws nothing.
type bars [][2]int

// newBars gives each start and each end a column, in the order of their times. Those at the same time are in the order of the
// tree: a parent starts before its children and ends after them.
func newBars(t *tree) bars {
	b := make(bars, len(t.spans))
	type moment struct {
		time       int64
		span, side int
	}
	var moments []moment
	visited := make([]bool, len(t.spans))
	var visit func(list []int)
	visit = func(list []int) {
		for _, i := range list {
			if visited[i] {
				continue
			}
			visited[i] = true
			d := &t.spans[i]
			moments = append(moments, moment{d.Start, i, 0})
			visit(t.children[i])
			moments = append(moments, moment{max(d.Start, d.End), i, 1})
		}
	}
	visit(t.roots)
	for i := range t.spans {
		visit([]int{i})
	}
	slices.SortStableFunc(moments, func(m, n moment) int { return cmp.Compare(m.time, n.time) })
	for column, m := range moments {
		b[m.span][m.side] = column
	}
	return b
}

func (b bars) of(i int) string {
	if b == nil {
		return ""
	}
	begin, end := b[i][0], b[i][1]+1
	return strings.Repeat(" ", begin) + strings.Repeat("=", end-begin) + strings.Repeat(" ", 2*len(b)-end+2)
}

func (b bars) none() string {
	if b == nil {
		return ""
	}
	return strings.Repeat(" ", 2*len(b)+2)
}
