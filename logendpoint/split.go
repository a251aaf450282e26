package logendpoint

import (
	"errors"

	"github.com/edgespan/edgespan/sdk/trace"
)

// minSpan is about the smallest that a format makes of a span. More spans than nine tenths of the limit have room for at this
// size are not encoded at once, so that a trace of thousands is never in memory as text; fewer are, since they may fit into
// one line.
const minSpan = 144

var errTooLarge = errors.New("logendpoint: a span does not fit into a line, even without its attributes; raise the LineLimit or shorten the resource")

// write encodes and writes the spans of b, as many to a line as fit. It goes on after an error, and returns the first.
func (e *Endpoint) write(b *trace.Batch) (failed error) {
	e.part.Resource, e.buf = b.Resource, e.buf[:0]
	rest, n := b.Spans, 1
	most := len(rest) // the usual case: all of it at once
	var c cutter
	for len(rest) > 0 {
		if c.bound == 0 {
			// No span is being cut. As many as fill a line to nine tenths, if they are like the n spans in the buffer.
			n = max(1, min(most, e.limit/10*9/max(minSpan, len(e.buf)/n)))
			e.part.Spans = rest[:n]
		}
		var excess int
		var err error
		if e.writePart != nil {
			excess, err = e.writePart(e, n)
		} else {
			e.buf = e.otlp.Append(e.buf[:0], &e.part)
			if excess = len(e.buf) - e.limit; excess <= 0 {
				err = e.writeBuffer(n)
			}
		}
		if excess > 0 {
			if n > 1 {
				most = n / 2
				continue
			}
			if c.cut(e, excess) {
				continue
			}
			err = errTooLarge
		}
		if err == nil {
			e.stats.DroppedValues += uint64(c.total)
		}
		failed = first(failed, err)
		rest, most = rest[n:], len(rest)-n
		c = cutter{}
	}
	return failed
}

// writeBuffer writes the buffer, which is a line of n spans.
func (e *Endpoint) writeBuffer(n int) error {
	err := e.out.line(e.buf)
	if err == nil {
		e.stats.Lines++
		e.stats.Bytes += uint64(len(e.buf))
		e.stats.Spans += uint64(n)
	}
	return err
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
