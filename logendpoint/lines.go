package logendpoint

import (
	"bytes"
	"errors"
	"io"

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
	rest := b.Spans
	e.stats.DroppedSpans += uint64(len(rest)) // until they are written: a Format may panic
	n := e.estimate(1, len(rest))             // the usual case: all of it at once
	for len(rest) > 0 {
		e.part.Spans = rest[:n]
		e.encode()
		fits := e.fits()
		if !fits && n > 1 {
			n = e.estimate(n, n/2)
			continue
		}
		err := errTooLarge
		if fits || e.shrink(&rest[0]) {
			e.stats.DroppedSpans -= uint64(n)
			err = e.writeBuffer(n)
		}
		failed = first(failed, err)
		rest = rest[n:]
		n = e.estimate(n, len(rest))
	}
	return failed
}

func (e *Endpoint) encode() {
	if e.format != nil {
		e.buf = e.format(e.buf[:0], &e.part)
	} else {
		e.buf = e.otlp.Append(e.buf[:0], &e.part)
	}
}

// fits reports whether no line in the buffer is too long.
func (e *Endpoint) fits() bool {
	if len(e.buf) <= e.limit {
		return true
	}
	for rest, more := e.buf, true; more; {
		var line []byte
		line, rest, more = bytes.Cut(rest, newline)
		if len(line) > e.limit {
			return false
		}
	}
	return true
}

// estimate reckons from n spans in the buffer how many of at most so many fill a line to nine tenths.
func (e *Endpoint) estimate(n, most int) int {
	return max(1, min(most, e.limit/10*9/max(minSpan, len(e.buf)/n)))
}

// writeBuffer writes the buffer, which holds n spans.
func (e *Endpoint) writeBuffer(n int) error {
	lines, size, _, _, err := writeLines(e.out, e.buf)
	e.stats.Lines += uint64(lines)
	e.stats.Bytes += uint64(size)
	// A format writes all its spans to one line or one to each, so a count of lines that were written is a count of spans. One of
	// somebody's own may write none.
	written := n
	if err != nil || lines == 0 {
		written = lines
		if lines > n {
			written = 0
		}
	}
	e.stats.Spans += uint64(written)
	e.stats.DroppedSpans += uint64(n - written)
	return err
}

// writeLines writes each line of text that is not empty as an event of its own. It goes on after an error, and returns the
// first, with the number of lines that were written, the bytes in them, where the last of them ends, and the number of those that
// were not.
func writeLines(out writeFunc, text []byte) (lines, size, end, lost int, failed error) {
	rest := text
	for more := true; more; {
		var line []byte
		line, rest, more = bytes.Cut(rest, newline)
		if len(line) == 0 {
			continue
		}
		n, err := out(line)
		if err == nil && n < len(line) {
			err = io.ErrShortWrite
		}
		if err != nil {
			lost++
			failed = first(failed, err)
			continue
		}
		lines++
		size += len(line)
		end = len(text) - len(rest)
	}
	return lines, size, end, lost, failed
}

var newline = []byte{'\n'}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
