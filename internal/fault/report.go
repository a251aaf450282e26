package fault

import (
	"sync"
	"time"
)

// mostLines is how many errors are written each second. One would not be enough: exporters hand on an error only once, so if it came
// within a second of another one, as when a config store and a log endpoint are both missing, nobody would ever see it.
const mostLines = 4

// stderrReporter writes errors as lines to standard error, up to mostLines a second. A line tells if earlier errors were left out.
type stderrReporter struct {
	_ [0]func() // forbids ==, whose code would be linked

	mu    sync.Mutex
	begun int64 // when the first line of this second was written, in Unix nanoseconds
	lines uint8 // since then; mostLines+1 if there were more
}

// StderrReporter returns the default of trace.Config.OnError. Packages that report errors without a provider use it too.
func StderrReporter() func(error) { return new(stderrReporter).report }

func (r *stderrReporter) report(err error) {
	text := "edgespan: " + err.Error()
	r.mu.Lock()
	// Read under the lock: otherwise a time that was read before that of another goroutine would look like a clock that was set
	// back.
	now := time.Now().UnixNano()
	if uint64(now-r.begun) >= uint64(time.Second) { // also if the clock has been set back
		if r.lines > mostLines {
			text += " (and earlier errors that were not shown)"
		}
		r.begun, r.lines = now, 0
	}
	r.lines = min(r.lines+1, mostLines+1)
	late := r.lines > mostLines
	r.mu.Unlock()
	if late {
		return
	}
	line := []byte(text)
	for i, c := range line {
		// A control character could end the line, or control a terminal. U+0080 to U+009F are two bytes in UTF-8.
		if c < ' ' || c == 0x7f {
			line[i] = ' '
		} else if c&0xe0 == 0x80 && i > 0 && line[i-1] == 0xc2 {
			line[i-1], line[i] = ' ', ' '
		}
	}
	writeStderr(append(line, '\n'))
}
