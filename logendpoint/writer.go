package logendpoint

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/fastly/compute-sdk-go/rtlog"
)

// Writer is an io.Writer that makes each line a log event: for logs, which have an endpoint of their own. sdk/slogspan writes
// to it, and so may any logger that writes whole lines. Its methods may be called from any goroutine.
type Writer struct {
	mu    sync.Mutex
	w     io.Writer
	name  string
	bad   error // the name is; nothing can be written
	stats WriterStats
}

// WriterStats counts what a Writer has done since it was opened.
type WriterStats struct {
	Lines        uint64 // log events written
	Bytes        uint64 // in them
	DroppedLines uint64 // lost: the endpoint's name is bad or a trace endpoint's, or the host refused the write
}

var errShared = errors.New("logendpoint: this log endpoint carries traces, and lines of two signals in one stream break what reads it; " +
	"give OpenWriter another endpoint's name")

// OpenWriter returns a writer to the log endpoint of that name, which is usable whatever the name: what is wrong with it is
// the error of each Write. The endpoint may not be one that Open has opened, or opens later: a backend that reads traces
// would find logs among them, so the logs are refused.
func OpenWriter(name string) *Writer {
	w := &Writer{name: name}
	if w.bad = checkName(name); w.bad == nil {
		w.w = rtlog.Open(name)
	}
	return w
}

// Write writes each line of p as a log event, without its newline. Empty lines are left out. It goes on after an error, and
// returns the first.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var failed error
	for rest, more := p, true; more; {
		var line []byte
		line, rest, more = bytes.Cut(rest, newline)
		if len(line) == 0 {
			continue
		}
		if err := w.writeLine(line); err != nil {
			w.stats.DroppedLines++
			failed = first(failed, err)
			continue
		}
		w.stats.Lines++
		w.stats.Bytes += uint64(len(line))
	}
	if failed != nil {
		return 0, failed
	}
	return len(p), nil
}

func (w *Writer) writeLine(line []byte) error {
	switch {
	case w.bad != nil:
		return w.bad
	case traceNames.has(w.name):
		return errShared
	}
	return writeLine(w.w, line)
}

// Stats returns the counts so far.
func (w *Writer) Stats() WriterStats {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stats
}
