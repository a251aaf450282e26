package logendpoint

import (
	"bytes"

	"github.com/edgespan/edgespan/sdk/trace"
)

// lines encodes and writes the part, whose spans are n, as a Config.Format has it: where otlp writes a line, it may write several.
// If one of them is too long, it writes none, and returns by how much.
type lines func(e *Endpoint, n int) (excess int, err error)

func linesOf(format func(dst []byte, b *trace.Batch) []byte) lines {
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
		// somebody's own may write none.
		spans := n
		if err != nil || w.lines == 0 {
			spans = w.lines
			if w.lines > n {
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
		if err := out.line(line); err != nil {
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
