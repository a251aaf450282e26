package view

import (
	"io"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/waterfall"
)

// keepBuffer is the largest buffer that is kept from one trace to the next.
const keepBuffer = 1 << 20

// Waterfalls draws each trace.
type Waterfalls struct {
	W       io.Writer
	Options waterfall.Options
	buf     []byte
}

// Trace draws t in one write.
func (o *Waterfalls) Trace(t *traces.Trace) error {
	if cap(o.buf) > keepBuffer {
		o.buf = nil
	}
	o.buf = waterfall.Append(o.buf[:0], t, o.Options)
	_, err := o.W.Write(o.buf)
	return err
}

// End does nothing: each trace is out already.
func (o *Waterfalls) End() error { return nil }

// Lines writes the lines that the traces came in. A line that holds several traces is written once.
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

// Summary counts the requests that Filter chooses, and writes a table at the end.
type Summary struct {
	W       io.Writer
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

// End writes the table, where there is something in it.
func (o *Summary) End() error {
	if len(o.sum.Rows()) == 0 {
		return nil
	}
	_, err := o.W.Write(waterfall.AppendSummary(nil, &o.sum, o.Options))
	return err
}
