package logendpoint

import (
	"bytes"

	"github.com/edgespan/edgespan/sdk/trace"
)

// writePart encodes e.part, which has n spans, with a Config.Format, and writes and counts its lines. If a line is too long,
// writePart writes none, and returns how many bytes it is too long.
type writePart func(e *Endpoint, n int) (excess int, err error)

// linesOf returns the writePart of a format.
func linesOf(format func(dst []byte, b *trace.Batch) []byte) writePart {
	return func(e *Endpoint, n int) (excess int, err error) {
		e.buf = format(e.buf[:0], &e.part)
		if len(e.buf) > e.limit {
			if excess := longestLine(e.buf) - e.limit; excess > 0 {
				return excess, nil
			}
		}
		w, err := writeLines(e.out, e.buf)
		e.stats.Lines += uint64(w.lines)
		e.stats.Bytes += uint64(w.size)
		// The known formats write all spans to one line, or one span to each line, so the number of lines written tells the
		// number of spans written. A user's format may write no line, or several for a span, and then nobody knows whose lines
		// were lost.
		spans := n
		if err != nil || w.lines == 0 {
			spans = w.lines
			if w.lines+w.lost > n {
				spans = 0
			}
		}
		e.stats.Spans += uint64(spans)
		return 0, err
	}
}

// longestLine returns the length of the longest line in bytes.
func longestLine(text []byte) (n int) {
	for more := true; more; {
		var line []byte
		line, text, more = bytes.Cut(text, newline)
		n = max(n, len(line))
	}
	return n
}
