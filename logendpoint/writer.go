package logendpoint

import (
	"bytes"
	"errors"
	"sync"
)

// Writer is an io.Writer that makes each line a log event: for logs, which have an endpoint of their own. sdk/slogspan writes
// to it, and so may any logger that writes whole lines. Its methods may be called from any goroutine.
type Writer struct {
	mu    sync.Mutex
	out   writeFunc
	name  string
	stats WriterStats
}

// WriterStats counts what a [Writer] has done since it was opened.
type WriterStats struct {
	Lines        uint64 // log events written
	Bytes        uint64 // in them
	DroppedLines uint64 // lost: the endpoint's name is bad or a trace endpoint's, or the host refused the write
}

var errShared = errors.New("logendpoint: this log endpoint carries traces, and lines of two signals in one stream break what reads it; " +
	"give OpenWriter another endpoint's name")

// OpenWriter returns a writer to the log endpoint of that name, which is usable whatever the name: what is wrong with it is
// the error of each Write. The endpoint may not be one that [Open] has opened, or opens later: a backend that reads traces
// would find logs among them, so the logs are refused.
func OpenWriter(name string) *Writer {
	if err := checkName(name); err != nil {
		return &Writer{name: name, out: refusal(err)}
	}
	return &Writer{name: name, out: writerTo(name)}
}

// Write writes each line of p as a log event, without its newline. Empty lines are left out. It goes on after an error, and
// returns the first, with the number of bytes up to the end of the last line that was written: nothing behind it was, so who
// writes that again doubles nothing.
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

// refusal takes nothing, for a reason.
func refusal(err error) writeFunc {
	return func([]byte) (int, error) { return 0, err }
}

// Stats returns the counts so far.
func (w *Writer) Stats() WriterStats {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stats
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
