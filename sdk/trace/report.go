package trace

import (
	"os"
	"sync"
	"time"
)

// stderrReporter is the default of Config.OnError: one line on standard error, at most one a second, with the number of
// those that were left out.
type stderrReporter struct {
	mu      sync.Mutex
	last    time.Time
	skipped int
}

func (r *stderrReporter) report(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if !r.last.IsZero() && now.Sub(r.last) < time.Second {
		r.skipped++
		return
	}
	line := []byte("edgespan: " + err.Error())
	for i, c := range line {
		if c == '\n' {
			line[i] = ' '
		}
	}
	if r.skipped > 0 {
		line = append(line, " (and earlier errors that were not shown)"...)
	}
	r.last, r.skipped = now, 0
	_, _ = os.Stderr.Write(append(line, '\n'))
}
