package waterfall

import (
	"time"

	"github.com/fatih/color"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Options say how to draw.
type Options struct {
	Width      int            // columns, at least 40
	Color      bool           // otherwise no escape sequences are written, and only ASCII is drawn
	Cursor     bool           // the output is a terminal, whose cursor can be moved to the bar: terminals give some names different widths
	Attributes bool           // show attributes, events and links
	Rows       int            // the most spans of a trace that are shown; 0 for all
	Location   *time.Location // for times; nil for UTC
}

const minWidth = 40

// glyphs are the characters of a drawing. Each takes one cell, except those of the tree, which take three.
type glyphs struct {
	branch, last, line, gap     string // of the tree
	full, left, right, thin     string // of a bar: a cell, its halves, and less than a cell
	open, event, failure, start string
	cut, dot, micro, note       string
	halves                      bool // there are glyphs for half a cell
}

var (
	ascii = glyphs{
		branch: "|- ", last: "`- ", line: "|  ", gap: "   ",
		full: "=", left: "=", right: "=", thin: "|",
		open: "-", event: "*", failure: "x", start: "> ",
		cut: "...", dot: "  ", micro: "us", note: "!",
	}
	unicode = glyphs{
		branch: "├─ ", last: "└─ ", line: "│  ", gap: "   ",
		full: "━", left: "╸", right: "╺", thin: "╸",
		open: "╌", event: "◆", failure: "◆", start: "▸ ",
		cut: "…", dot: " · ", micro: "µs", note: "✗",
		halves: true,
	}
)

// paint colours a string, or returns it unchanged.
type paint func(string) string

func newPaint(on bool, attrs ...color.Attribute) paint {
	if !on {
		return plain
	}
	c := color.New(attrs...)
	c.EnableColor() // the caller has decided, not the package
	return func(s string) string {
		if s == "" {
			return ""
		}
		return c.Sprint(s)
	}
}

// style is the glyphs and colours of a drawing.
type style struct {
	glyphs
	bold, dim, good, warn, bad, mark paint
	services                         []paint
	kinds                            map[trace.SpanKind]paint
}

func newStyle(o Options) *style {
	p := func(attrs ...color.Attribute) paint { return newPaint(o.Color, attrs...) }
	s := &style{
		glyphs: ascii,
		bold:   p(color.Bold), dim: p(color.Faint),
		good: p(color.FgGreen), warn: p(color.FgYellow), bad: p(color.FgHiRed), mark: p(color.FgHiYellow),
		services: []paint{p(color.FgCyan), p(color.FgMagenta), p(color.FgBlue), p(color.FgGreen), p(color.FgYellow), p(color.FgHiCyan), p(color.FgHiMagenta)},
		kinds: map[trace.SpanKind]paint{
			trace.SpanKindServer: p(color.FgCyan), trace.SpanKindClient: p(color.FgMagenta), trace.SpanKindInternal: p(color.FgBlue),
			trace.SpanKindProducer: p(color.FgGreen), trace.SpanKindConsumer: p(color.FgGreen), trace.SpanKindUnspecified: p(color.FgBlue),
		},
	}
	if o.Color {
		s.glyphs = unicode
	}
	return s
}

// barPaint colours bars by service if a trace has several, otherwise by kind.
func (d *drawing) barPaint(s *traces.Span) paint {
	if s.IsError() {
		return d.bad
	}
	if i, ok := d.serviceNumbers[s.Service()]; ok && len(d.serviceNames) > 1 {
		return d.services[i%len(d.services)]
	}
	if p, ok := d.kinds[s.Kind]; ok {
		return p
	}
	return d.kinds[trace.SpanKindInternal]
}
