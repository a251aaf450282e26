package fault

import (
	"sync"
	"time"
)

// stderrReporter writes an error as a line on standard error, at most one a second, which tells whether some were left out.
type stderrReporter struct {
	_ [0]func() // no ==, which would be code

	mu      sync.Mutex
	last    int64 // when a line was written, in Unix nanoseconds
	skipped bool
}

// StderrReporter returns the default of trace.Config.OnError, for what reports errors before or beside a provider too.
func StderrReporter() func(error) { return new(stderrReporter).report }

func (r *stderrReporter) report(err error) {
	text := "edgespan: " + err.Error()
	r.mu.Lock()
	// Under the lock, since a time that was read before another's would look like a clock set back.
	now := time.Now().UnixNano()
	late := uint64(now-r.last) < uint64(time.Second) // not so where the clock has been set back
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
		// A control character could end the line, or tell a terminal what to do. Those of U+0080 to U+009F are two bytes.
		if c < ' ' || c == 0x7f {
			line[i] = ' '
		} else if c&0xe0 == 0x80 && i > 0 && line[i-1] == 0xc2 {
			line[i-1], line[i] = ' ', ' '
		}
	}
	writeStderr(append(line, '\n'))
}
