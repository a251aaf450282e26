package logendpoint

import (
	"bytes"

	"github.com/edgespan/edgespan/sdk/trace"
)

// lines is what makes lines of spans other than as otlp does: several at a time.
type lines interface {
	encode(e *Endpoint) (longest int)   // the part into the buffer
	write(e *Endpoint, spans int) error // the buffer
}

// formatted is the lines of a Config.Format.
type formatted func(dst []byte, b *trace.Batch) []byte

func (f formatted) encode(e *Endpoint) (longest int) {
	e.buf = f(e.buf[:0], &e.part)
	if len(e.buf) <= e.limit {
		return len(e.buf) // or less
	}
	for rest, more := e.buf, true; more; {
		var line []byte
		line, rest, more = bytes.Cut(rest, newline)
		longest = max(longest, len(line))
	}
	return longest
}

func (f formatted) write(e *Endpoint, n int) error {
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
