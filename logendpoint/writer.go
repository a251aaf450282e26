package logendpoint

import (
	"bytes"
	"errors"
	"sync"
)

// Writer is an [io.Writer] that writes each line as a log event. It is for logs, which need a log endpoint of their own. Use it
// with sdk/slogspan, or with any logger that writes whole lines. Its methods may be called from any goroutine.
type Writer struct {
	mu    sync.Mutex
	out   writeFunc
	name  string
	stats WriterStats
}

// WriterStats counts what a [Writer] has done since it was opened.
type WriterStats struct {
	Lines        uint64 // log events written
	Bytes        uint64 // bytes in these lines
	DroppedLines uint64 // lost: the endpoint's name is invalid or that of a trace endpoint, or the host refused the write
}

var errShared = errors.New("logendpoint: this log endpoint carries traces, and a reader of traces cannot read logs among them; " +
	"give OpenWriter the name of another endpoint")

// OpenWriter returns a writer to the log endpoint with this name. It never fails: if the name is invalid, each Write returns
// the error.
//
// The endpoint must not be one that [Open] or [OpenBatched] opens, earlier or later. A backend that reads traces would find
// logs among them, so Write refuses them with an error.
func OpenWriter(name string) *Writer {
	if err := checkName(name); err != nil {
		return &Writer{name: name, out: refusal(err)}
	}
	return &Writer{name: name, out: writerTo(name)}
}

// Write writes each line of p as a log event, without its newline. Empty lines are left out. If a line fails, it goes on with
// the next, and returns the first error. Then it also returns the number of bytes up to the end of the last line that was
// written. No line after that was written, so a caller that writes the rest again duplicates nothing.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.out
	if traceNames.has(w.name) {
		out = refusal(errShared)
	}
	done, err := writeLines(out, p)
	w.stats.Lines += uint64(done.lines)
	w.stats.Bytes += uint64(done.size)
	w.stats.DroppedLines += uint64(done.lost)
	if err != nil {
		return done.end, err
	}
	return len(p), nil
}

// refusal returns a writeFunc that writes nothing and always returns err.
func refusal(err error) writeFunc {
	return func([]byte) (int, error) { return 0, err }
}

// Stats returns the counts so far.
func (w *Writer) Stats() WriterStats {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stats
}

// written is the result of writing a text of several lines.
type written struct {
	lines int // lines written
	size  int // bytes in these lines
	end   int // where the last of them ends in the text
	lost  int // lines that were not written
}

// writeLines writes each line of text as an event of its own, except empty ones. If a line fails, it goes on with the next, and
// returns the first error.
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
