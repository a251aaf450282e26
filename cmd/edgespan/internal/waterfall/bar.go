package waterfall

import (
	"math"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/sdk/trace"
)

// scale maps times to cells.
type scale struct {
	start, length float64 // nanoseconds
	width         int     // cells
}

func newScale(t *traces.Trace, width int) scale {
	start, _ := t.Bounds()
	return scale{float64(start), float64(t.Duration()), width}
}

// at returns the position of a time on a scale of n steps, from 0 to n.
func (s scale) at(nanos int64, n int) float64 {
	if s.length <= 0 {
		return 0
	}
	return min(max((float64(nanos)-s.start)/s.length, 0), 1) * float64(n)
}

// cell returns the cell of a time.
func (s scale) cell(nanos int64) int { return min(int(s.at(nanos, s.width)), s.width-1) }

// bar draws a span across the width of the scale.
func (d *drawing) bar(s *traces.Span, sc scale) string {
	if s.Start == 0 {
		return strings.Repeat(" ", sc.width)
	}
	end := s.Stop()
	full := d.full
	if s.Open() {
		end, full = math.MaxInt64, d.open
	}
	cells := make([]string, sc.width)
	from, to := int(sc.at(s.Start, 2*sc.width)), int(math.Ceil(sc.at(end, 2*sc.width)))
	from = min(from, 2*sc.width-1)
	to = max(to, from+1)
	if sc.length <= 0 {
		to = 2 * sc.width // all known times are the same
	}
	for i := range cells {
		left, right := from <= 2*i && 2*i < to, from <= 2*i+1 && 2*i+1 < to
		switch {
		case left && right:
			cells[i] = full
		case left && to-from == 1:
			cells[i] = d.thin
		case left:
			cells[i] = d.left
		case right && to-from == 1 && !d.halves:
			cells[i] = d.thin
		case right:
			cells[i] = d.right
		default:
			cells[i] = " "
		}
	}
	return d.paintBar(s, sc, cells)
}

// paintBar joins the cells, with one escape sequence for each run of a colour, and draws the events over them.
func (d *drawing) paintBar(s *traces.Span, sc scale, cells []string) string {
	events := map[int]string{}
	for i := range s.Events {
		e := &s.Events[i]
		at := sc.cell(e.Time)
		if e.Name == trace.ExceptionEvent {
			events[at] = d.bad(d.failure)
		} else if events[at] == "" {
			events[at] = d.mark(d.event)
		}
	}
	paint := d.barPaint(s)
	var out strings.Builder
	var run strings.Builder
	flush := func() {
		out.WriteString(paint(run.String()))
		run.Reset()
	}
	for i, c := range cells {
		if e := events[i]; e != "" {
			flush()
			out.WriteString(e)
			continue
		}
		if c == " " {
			flush()
			out.WriteString(c)
			continue
		}
		run.WriteString(c)
	}
	flush()
	return out.String()
}
