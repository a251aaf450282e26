package tracetest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Waterfall says how Draw draws spans: as text that is the same in each run, however fast the machine is, to be compared with
// a file by [AssertGolden]. The zero value shows names, kinds and statuses.
type Waterfall struct {
	// Attributes are the keys of the attributes to show. A '*' at the end stands for any rest: "http.*", or "*" for all.
	Attributes []string
	// Vary are the keys of attributes whose value is different in each run: they are shown as key=*, and so is
	// exception.stacktrace in any case.
	Vary []string
	// Events shows events and links as well.
	Events bool

	// Steps draws a bar before each span: what begins and ends one after the other does so in columns, one for each begin and
	// each end, whatever the time between. Spans with one parent are in the order of their start. It is for code that does
	// one thing after the other.
	//
	// Without it spans with one parent are in the order of their text, which is the same also for those of goroutines.
	Steps bool
}

// Draw draws spans: a line for each with its name, kind and status, and its children further in. Of
//
//	tracetest.Waterfall{Attributes: []string{"http.response.*"}, Steps: true}
//
// it may make
//
//	========  GET /items/{id} [server]
//	              http.response.status_code=200
//	 ====       fetch [internal]
//	  ==          GET [client]
//	                  http.response.status_code=200
//	     ==     render [internal]
func (w Waterfall) Draw(spans []trace.SpanData) string { return draw(spans, w, !w.Steps) }

// matches reports whether a key is among those that the patterns name.
func matches(patterns []string, key string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		prefix, open := strings.CutSuffix(p, "*")
		return p == key || open && strings.HasPrefix(key, prefix)
	})
}

// bars has the columns in which each span begins and ends. nil draws nothing.
type bars [][2]int

// newBars gives each begin and each end a column, in the order of their times. What happens at one time is in the order of
// the tree: a parent begins before its children and ends after them.
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
