package fault

import (
	"sync"
	"time"
)

// stderrReporter writes errors as lines to standard error, at most one a second. A line tells if earlier errors were left out.
type stderrReporter struct {
	_ [0]func() // forbids ==, whose code would be linked

	mu      sync.Mutex
	last    int64 // when the last line was written, in Unix nanoseconds
	skipped bool
}

// StderrReporter returns the default of trace.Config.OnError. Packages that report errors without a provider use it too.
func StderrReporter() func(error) { return new(stderrReporter).report }

func (r *stderrReporter) report(err error) {
	text := "edgespan: " + err.Error()
	r.mu.Lock()
	// Read under the lock: otherwise a time that was read before that of another goroutine would look like a clock that was set
	// back.
	now := time.Now().UnixNano()
	late := uint64(now-r.last) < uint64(time.Second) // false if the clock has been set back
	if !late {
		r.last = now
		if r.skipped {
			text += " (and earlier errors that were not shown)"
		}
	}
	r.skipped = late
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
