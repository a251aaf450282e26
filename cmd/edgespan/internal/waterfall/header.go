package waterfall

import (
	"fmt"
	"strings"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// header says in two lines what the trace is, and in a third what is odd about it.
func (d *drawing) header() {
	t := d.trace
	root := t.Root()
	name, facts := "log records without spans", []string{}
	if root != nil {
		name = root.Name
		facts = append(facts, formatDuration(t.Duration(), d.micro), count(len(t.Spans), "span"))
	}
	if n := t.Errors(); n > 0 {
		facts = append(facts, d.bad(count(n, "error")))
	}
	if n := len(t.Logs); n > 0 {
		facts = append(facts, count(n, "log record"))
	}
	if names := d.services3(); names != "" {
		facts = append(facts, names)
	}
	title := d.bold(d.start + safetext.Cut(name, d.Width/2, d.cut))
	if path := pathOf(root); path != "" && !strings.HasSuffix(name, path) {
		title += " " + d.dim(safetext.Cut(path, d.Width/4, d.cut))
	}
	d.print(title, "  ", strings.Join(facts, d.dot))

	id := t.ID.String()
	if !t.ID.IsValid() {
		id = "(no trace id)"
	}
	line := "trace " + id
	if start, _ := t.Bounds(); start != 0 {
		line += "  " + time.Unix(0, start).In(d.Location).Format("2006-01-02 15:04:05.000 MST")
	}
	if root != nil && root.ParentRemote && root.ParentSpanID.IsValid() {
		line += "  parent " + root.ParentSpanID.String()
	}
	d.print(safetext.Spaces(margin), d.dim(line))
	if notes := notes(t); len(notes) > 0 {
		d.print(safetext.Spaces(margin), d.warn(strings.Join(notes, "; ")))
	}
	if d.Attributes {
		d.resources()
	}
}

// pathOf returns the path that was asked for, which a route or a bare method does not tell.
func pathOf(root *traces.Span) string {
	if root == nil {
		return ""
	}
	v, _ := root.Attribute("url.path")
	return v.Str()
}

const maxServices = 3

// services3 names the first services and counts the others.
func (d *drawing) services3() string {
	shown := d.serviceNames[:min(len(d.serviceNames), maxServices)]
	parts := make([]string, 0, maxServices+1)
	for _, name := range shown {
		parts = append(parts, safetext.Cut(name, d.Width/3, d.cut))
	}
	if more := len(d.serviceNames) - len(shown); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return strings.Join(parts, ", ")
}

// notes tells what a reader should know before trusting the picture.
func notes(t *traces.Trace) []string {
	var missing, early, cycles int
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
	note(t.Duplicates, "duplicate was left out", "duplicates were left out")
	note(t.Dropped, "record is beyond the limits and not shown", "records are beyond the limits and not shown")
	return notes
}

// axis writes times above the bars.
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
