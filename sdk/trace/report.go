package trace

import (
	"os"
	"sync"
	"time"
)

// stderrReporter is the default of Config.OnError: one line on standard error, at most one a second, which tells whether
// some were left out.
type stderrReporter struct {
	mu      sync.Mutex
	last    time.Time
	skipped bool

	_ [0]func() // no ==, which would be code
}

func (r *stderrReporter) report(err error) {
	text, now := "edgespan: "+err.Error(), time.Now()
	r.mu.Lock()
	late := !r.last.IsZero() && now.Sub(r.last) < time.Second
	if !late {
		if r.skipped {
			text += " (and earlier errors that were not shown)"
		}
		r.last = now
	}
	r.skipped = late
	r.mu.Unlock()
	if late {
		return
	}
	line := append([]byte(text), '\n')
	for i := range text {
		if text[i] == '\n' {
			line[i] = ' '
		}
	}
	_, _ = os.Stderr.Write(line)
}
