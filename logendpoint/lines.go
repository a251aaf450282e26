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
	w, err := writeLines(e.out, e.buf)
	e.stats.Lines += uint64(w.lines)
	e.stats.Bytes += uint64(w.size)
	// A format writes all its spans to one line or one to each, so a count of lines that were written is a count of spans. One of
	// somebody's own may write none.
	spans := n
	if err != nil || w.lines == 0 {
		spans = w.lines
		if w.lines > n {
			spans = 0
		}
	}
	e.stats.Spans += uint64(spans)
	e.stats.DroppedSpans += uint64(n - spans)
	return err
}

// written is what became of a text of lines.
type written struct {
	lines int // that were written
	size  int // of these, in bytes
	end   int // of the last of them, in the text
	lost  int // lines that were not written
}

// writeLines writes each line of text that is not empty as an event of its own. It goes on after an error, and returns the
// first.
func writeLines(out writeFunc, text []byte) (w written, failed error) {
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
			w.lost++
			failed = first(failed, err)
			continue
		}
		w.lines++
		w.size += len(line)
		w.end = len(text) - len(rest)
	}
	return w, failed
}

var newline = []byte{'\n'}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
