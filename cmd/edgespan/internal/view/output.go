package view

import (
	"io"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
)

// keepBuffer is the size of the largest buffer that is reused for the next trace.
const keepBuffer = 1 << 20

// Waterfalls draws each trace.
type Waterfalls struct {
	W       io.Writer
	Width   func() int // the present width of W; nil for that of Options
	Options waterfall.Options
	buf     []byte
}

// Trace draws t with one write.
func (o *Waterfalls) Trace(t *traces.Trace) error {
	if cap(o.buf) > keepBuffer {
		o.buf = nil
	}
	if o.Width != nil {
		o.Options.Width = o.Width()
	}
	o.buf = waterfall.Append(o.buf[:0], t, o.Options)
	_, err := o.W.Write(o.buf)
	return err
}

// End does nothing, because each trace is written at once.
func (o *Waterfalls) End() error { return nil }

// Lines writes the lines of the traces. A line with several traces is written once.
type Lines struct{ W io.Writer }

// Trace writes the lines of t.
func (o Lines) Trace(t *traces.Trace) error {
	for _, line := range t.Raw {
		if line.Written {
			continue
		}
		line.Written = true
		if _, err := o.W.Write(append(line.Text, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// End does nothing.
func (o Lines) End() error { return nil }

// Summary counts the requests that Filter selects, and writes a table at the end.
type Summary struct {
	W       io.Writer
	Width   func() int // as of Waterfalls
	Filter  traces.Filter
	Options waterfall.Options
	sum     traces.Summary
}

// Trace counts the requests of t.
func (o *Summary) Trace(t *traces.Trace) error {
	for _, r := range o.Filter.Requests(t) {
		o.sum.Add(r)
	}
	return nil
}

// End writes the table, if it has rows.
func (o *Summary) End() error {
	if len(o.sum.Rows()) == 0 {
		return nil
	}
	if o.Width != nil {
		o.Options.Width = o.Width()
	}
	_, err := o.W.Write(waterfall.AppendSummary(nil, &o.sum, o.Options))
	return err
}
