package logendpoint

import (
	"bytes"
	"errors"
	"io"
	"math"

	"github.com/edgespan/edgespan/sdk/trace"
)

// minSpan is about the smallest that a format makes of a span. More spans than the limit has room for at this size are not
// encoded at once, so that a trace of thousands is never in memory as text; fewer are, since they may fit into one line.
const minSpan = 160

var errTooLarge = errors.New("logendpoint: a span does not fit into a line, even without its attributes; raise Config.LineLimit or shorten the resource")

// write encodes and writes the spans of b, as many to a line as fit. It goes on after an error, and returns the first.
func (e *Endpoint) write(b *trace.Batch) error {
	var failed error
	part := b // the usual case: all of it at once
	rest := b.Spans
	n := min(len(rest), e.most())
	for len(rest) > 0 {
		if n < len(b.Spans) {
			e.part = trace.Batch{Resource: b.Resource, Spans: rest[:n]}
			part = &e.part
		}
		e.buf = e.format(e.buf[:0], part)
		if !e.fits() {
			if n > 1 {
				n = e.fewer(n)
				continue
			}
			if err := e.shrink(b.Resource, &rest[0]); err != nil {
				e.stats.DroppedSpans++
				failed = first(failed, err)
				rest = rest[1:]
				continue
			}
		}
		failed = first(failed, e.writeLines(n))
		rest = rest[n:]
		n = min(len(rest), e.estimate(n))
	}
	return failed
}

// fits reports whether no line in the buffer is too long.
func (e *Endpoint) fits() bool {
	if e.limit < 0 || len(e.buf) <= e.limit {
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

// fewer returns how many of n spans may fit, after n did not.
func (e *Endpoint) fewer(n int) int {
	return max(1, min(n/2, e.estimate(n)))
}

// estimate reckons from n spans in the buffer how many fill a line to nine tenths.
func (e *Endpoint) estimate(n int) int {
	if e.limit < 0 || len(e.buf) == 0 {
		return e.most()
	}
	return max(1, min(e.most(), n*(e.limit/10*9)/len(e.buf)))
}

// most returns how many spans are encoded at once at most.
func (e *Endpoint) most() int {
	if e.limit < 0 {
		return math.MaxInt
	}
	return max(1, e.limit/minSpan)
}

// writeLines writes each line of the buffer, which holds n spans, as an event of its own.
func (e *Endpoint) writeLines(n int) error {
	var failed error
	lines := 0
	for rest, more := e.buf, true; more; {
		var line []byte
		line, rest, more = bytes.Cut(rest, newline)
		if len(line) == 0 {
			continue
		}
		if err := writeLine(e.w, line); err != nil {
			failed = first(failed, err)
			continue
		}
		lines++
		e.stats.Lines++
		e.stats.Bytes += uint64(len(line))
	}
	// A format writes all its spans to one line or one to each, so a count of the lines that failed is a count of spans.
	switch {
	case failed == nil:
		e.stats.Spans += uint64(n)
	case lines <= n && lines > 0:
		e.stats.Spans += uint64(lines)
		e.stats.DroppedSpans += uint64(n - lines)
	default:
		e.stats.DroppedSpans += uint64(n)
	}
	return failed
}

// writeLine writes one event.
func writeLine(w io.Writer, line []byte) error {
	n, err := w.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	return err
}

var newline = []byte{'\n'}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
