package waterfall

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// header prints two lines that describe the trace, and a third with what is odd about it.
func (d *drawing) header() {
	t := d.trace
	root := t.Root()
	start, _ := t.Bounds()
	title := line{d: d}
	if root == nil {
		title.add("", d.start+"log records without spans", d.bold)
	} else {
		title.add("", d.start+safetext.Cut(nameOf(root), d.Width/2, d.cut), d.bold)
		if path := pathOf(root); path != "" && !strings.HasSuffix(root.Name, path) {
			title.add(" ", safetext.Cut(path, d.Width/4, d.cut), d.dim)
		}
		took, requests := formatDuration(t.Slowest(), d.micro), count(len(t.Requests()), "request")
		if t.Apart() {
			took, requests = "up to "+took, requests+" within "+formatDuration(t.Duration(), d.micro)
		}
		title.add("  ", took, plain)
		if len(t.Requests()) > 1 {
			title.add(d.dot, requests, plain)
		}
		title.add(d.dot, count(len(t.Spans), "span"), plain)
	}
	if n := t.Errors(); n > 0 {
		title.add(d.dot, count(n, "error"), d.bad)
	}
	if n := len(t.Logs); n > 0 {
		title.add(d.dot, count(n, "log record"), plain)
	}
	for i, name := range d.serviceNames {
		if i == maxServices && len(d.serviceNames) > maxServices+1 {
			title.add(d.dot, fmt.Sprintf("%d more services", len(d.serviceNames)-i), plain)
			break
		}
		title.add(d.dot, safetext.Cut(name, d.Width/3, d.cut), plain)
	}
	title.end()

	where := line{d: d}
	where.add(safetext.Spaces(margin), "trace "+idText(t), d.dim)
	if start != 0 {
		where.add("  ", time.Unix(0, start).In(d.Location).Format("2006-01-02 15:04:05.000 MST"), d.dim)
	}
	if root != nil && root.ParentRemote && root.ParentSpanID.IsValid() {
		where.add("  ", "parent "+root.ParentSpanID.String(), d.dim)
	}
	where.end()
	notes := Notes(t)
	if slices.ContainsFunc(d.rows, func(r traces.Row) bool { return r.Depth > d.columns.levels }) {
		notes = append(notes, "a number before a span is its depth")
	}
	for _, note := range notes {
		d.print(safetext.Spaces(margin), d.warn(safetext.Cut(note, d.Width-margin, d.cut)))
	}
	if d.Attributes {
		d.resources()
	}
}

func idText(t *traces.Trace) string {
	if !t.ID.IsValid() {
		return "(no id)"
	}
	return t.ID.String()
}

func nameOf(s *traces.Span) string {
	if s.Name == "" {
		return "(no name)"
	}
	return s.Name
}

func plain(s string) string { return s }

// line places pieces side by side, and continues on the next line if they do not fit.
type line struct {
	d    *drawing
	text strings.Builder
	used int
}

func (l *line) add(separator, text string, p paint) {
	n := safetext.Width(separator) + safetext.Width(text)
	if l.used > 0 && l.used+n > l.d.Width {
		l.end()
		separator = safetext.Spaces(margin)
		n = margin + safetext.Width(text)
	}
	l.text.WriteString(separator + p(text))
	l.used += n
}

func (l *line) end() {
	l.d.print(l.text.String())
	l.text.Reset()
	l.used = 0
}

// pathOf returns the root's url.path, since its name may have only a route or a method.
func pathOf(root *traces.Span) string {
	if root == nil {
		return ""
	}
	v, _ := root.Attribute("url.path")
	return v.Str()
}

const maxServices = 3

// Notes says what a reader should know before trusting the drawing.
func Notes(t *traces.Trace) []string {
	var missing, early, backwards, cycles int
	for _, r := range t.Rows() {
		switch {
		case r.Missing && !r.Span.ParentRemote:
			missing++
		case r.Cycle:
			cycles++
		}
		if r.Early {
			early++
		}
		if r.Span.Backwards() {
			backwards++
		}
	}
	var notes []string
	note := func(n int, one, many string) {
		switch {
		case n == 1:
			notes = append(notes, "1 "+one)
		case n > 1:
			notes = append(notes, fmt.Sprintf("%d %s", n, many))
		}
	}
	if t.Continued {
		notes = append(notes, "more of a trace that was shown before")
	}
	note(missing, "span's parent is missing", "spans' parents are missing")
	note(cycles, "cycle of parents was cut", "cycles of parents were cut")
	note(early, "span starts before its parent: clocks differ", "spans start before their parents: clocks differ")
	note(backwards, "span ends before it starts: its clock was set back", "spans end before they start: their clocks were set back")
	note(t.Duplicates, "duplicate was left out", "duplicates were left out")
	note(t.Dropped, "record is beyond the limits and not shown", "records are beyond the limits and not shown")
	return notes
}

// axis prints times above the bars.
func (d *drawing) axis() {
	c := d.columns
	before := margin + c.name + 1
	if c.kind > 0 {
		before += c.kind + 1
	}
	total := d.trace.Duration()
	if total == 0 {
		return
	}
	steps := 1
	for steps < 4 && c.bar/(2*steps) >= 12 {
		steps *= 2
	}
	line := []byte(strings.Repeat(" ", c.bar))
	line[0] = '0'
	for i := 1; i <= steps; i++ {
		text := formatDuration(total/time.Duration(steps)*time.Duration(i), "us")
		at := c.bar*i/steps - len(text)
		if at > 1 {
			copy(line[at:], text)
		}
	}
	text := strings.ReplaceAll(string(line), "us", d.micro)
	d.print(safetext.Spaces(before), d.dim(text))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
