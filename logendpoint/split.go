package logendpoint

import (
	"errors"

	"github.com/edgespan/edgespan/sdk/trace"
)

// minSpan is about the smallest size of an encoded span in bytes. If a batch has more spans than fit into nine tenths of a line
// at this size, they are not encoded in one call, so that the text of a trace with thousands of spans is never in memory as a
// whole. Fewer spans are, since they may fit into one line.
const minSpan = 144

var errTooLarge = errors.New("logendpoint: a span does not fit into a line, even without its attributes; raise the LineLimit or shorten the resource")

// write encodes and writes the spans of b, with as many to a line as fit. If a line fails, it goes on with the next, and
// returns the first error.
func (e *Endpoint) write(b *trace.Batch) (failed error) {
	e.part.Resource, e.buf = b.Resource, e.buf[:0]
	rest, n := b.Spans, 1
	most := len(rest) // usually all spans fit into one line
	var c cutter
	for len(rest) > 0 {
		if c.bound == 0 {
			// No span is being shortened. Take as many spans as fill a line to nine tenths if they are as long as the n spans
			// in the buffer are on average.
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
			if c.cut(&rest[0], len(e.buf), excess) {
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

// writeBuffer writes the buffer, which is a line with n spans, and counts it.
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
