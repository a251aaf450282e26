package logendpoint

import (
	"bytes"

	"github.com/edgespan/edgespan/sdk/trace"
)

// writePart encodes, writes and counts the part, which is n spans, as a Config.Format has it: where otlp writes a line, it may write several.
// If one of them is too long, it writes none, and returns by how much.
type writePart func(e *Endpoint, n int) (excess int, err error)

// linesOf returns what writes the lines of a format.
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
		// A format writes all its spans to one line or one to each, so a count of lines that were written is a count of spans. One of
		// somebody's own may write none, or several to a span, and then nobody knows whose was lost.
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

// longestLine returns the length of the longest line.
func longestLine(text []byte) (n int) {
	for more := true; more; {
		var line []byte
		line, text, more = bytes.Cut(text, newline)
		n = max(n, len(line))
	}
	return n
}
