package waterfall

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/sdk/trace"
)

// drawing is one trace that is being drawn.
type drawing struct {
	*style
	Options
	columns
	dst          []byte
	trace        *traces.Trace
	rows         []traces.Row
	serviceNames []string
	logs         map[trace.SpanID][]lines.Log

	serviceNumbers map[string]int // index in serviceNames
}

// Append appends the drawing of t, which ends with an empty line.
func Append(dst []byte, t *traces.Trace, o Options) []byte {
	o.Width = max(o.Width, minWidth)
	if o.Location == nil {
		o.Location = time.UTC
	}
	d := &drawing{style: newStyle(o), Options: o, dst: dst, trace: t, rows: t.Rows(), serviceNames: t.Services()}
	if o.Rows > 0 && len(d.rows) > o.Rows {
		d.rows = d.rows[:o.Rows]
	}
	d.serviceNumbers = map[string]int{}
	for i, name := range d.serviceNames {
		d.serviceNumbers[name] = i
	}
	d.columns = newColumns(o.Width, d.rows, d.statusText)
	d.sortLogs()

	d.header()
	if len(d.rows) > 0 {
		d.axis()
	}
	sc := newScale(t, d.columns.bar)
	for i := range d.rows {
		d.row(i, sc)
	}
	if more := len(t.Rows()) - len(d.rows); more > 0 {
		d.print(safetext.Spaces(margin), d.dim(fmt.Sprintf("%s %d more spans; --rows 0 shows all", d.cut, more)))
	}
	if rest := d.logs[trace.SpanID{}]; len(rest) > 0 {
		for i := range rest {
			d.logLine(&rest[i], safetext.Spaces(margin))
		}
	}
	d.print()
	return d.dst
}

// print appends a line.
func (d *drawing) print(parts ...string) {
	n := len(d.dst)
	for _, p := range parts {
		d.dst = append(d.dst, p...)
	}
	for len(d.dst) > n && d.dst[len(d.dst)-1] == ' ' {
		d.dst = d.dst[:len(d.dst)-1]
	}
	d.dst = append(d.dst, '\n')
}

func (d *drawing) row(i int, sc scale) {
	r := d.rows[i]
	s := r.Span
	depth, guide := d.guide(i)
	name := safetext.Fit(nameOf(s), d.columns.name-safetext.Width(depth+guide), d.cut)
	if r.Parent < 0 {
		name = d.bold(name)
	}
	parts := []string{safetext.Spaces(margin), d.mark(depth), d.dim(guide), name, d.after(s.Name)}
	if d.columns.kind > 0 {
		parts = append(parts, d.dim(safetext.Fit(kindText(s.Kind), d.columns.kind, "")), " ")
	}
	parts = append(parts, d.bar(s, sc), " ", safetext.FitRight(d.durationText(s), d.columns.duration, ""))
	if d.columns.status > 0 {
		parts = append(parts, "  ", d.statusPaint(s)(d.statusText(r)))
	}
	d.print(parts...)
	d.below(i)
}

// after ends the column of names. Terminals give flags, families and new emoji different widths: one that has a cursor is told the
// column.
func (d *drawing) after(name string) string {
	if d.Cursor && strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return fmt.Sprintf(" \x1b[%dG", margin+d.columns.name+2)
	}
	return " "
}

func (d *drawing) durationText(s *traces.Span) string {
	switch {
	case s.Start == 0:
		return "?"
	case s.Open():
		return "open"
	}
	return formatDuration(s.Duration(), d.micro)
}

// maxStatus is how many characters of a status are shown.
const maxStatus = 5

func (d *drawing) statusText(r traces.Row) string {
	status := safetext.Cut(r.Span.HTTPStatus(), maxStatus, "")
	switch {
	case !r.Span.IsError():
		return status
	case status == "":
		return "error"
	}
	return status + " error"
}

func (d *drawing) statusPaint(s *traces.Span) paint {
	switch status := s.HTTPStatus(); {
	case s.IsError():
		return d.bad
	case status >= "400":
		return d.warn
	}
	return d.good
}

// guide draws the tree before the name of row i. If the tree is too deep to be drawn completely, it draws the levels next to the
// row, and the depth instead of the others. A child is then below its parent like a sibling.
func (d *drawing) guide(i int) (depth, guide string) {
	r := d.rows[i]
	if r.Parent < 0 {
		return "", ""
	}
	last := d.branch
	if r.Last {
		last = d.glyphs.last
	}
	levels := min(r.Depth, d.columns.levels)
	parts := append(d.levelsAbove(r.Parent, levels-1), last)
	if r.Depth > levels {
		depth = strconv.Itoa(r.Depth) + " "
		cells := min((len(depth)+guideWidth-1)/guideWidth, levels)
		depth, parts = safetext.Fit(depth, cells*guideWidth, ""), parts[cells:]
	}
	return depth, strings.Join(parts, "")
}

// indent draws the tree below row i, for the lines that belong to the row.
func (d *drawing) indent(i int) string {
	r := d.rows[i]
	levels := min(r.Depth, d.columns.levels)
	inner := d.gap
	if r.Children > 0 {
		inner = d.line
	}
	return strings.Join(append(d.levelsAbove(i, levels), inner), "")
}

// levelsAbove draws the n innermost levels that pass by row i.
func (d *drawing) levelsAbove(i, n int) []string {
	parts := make([]string, n, n+1)
	for at := n - 1; at >= 0; at-- {
		r := d.rows[i]
		parts[at] = d.line
		if r.Last {
			parts[at] = d.gap
		}
		i = r.Parent
	}
	return parts
}
