//go:build !js

package workers

import (
	"os"
	"slices"
	"sync"
	"time"
)

// isolate is the state of the process, in place of the isolate's.
var isolate struct {
	mu   sync.Mutex
	warm bool
	lost int
	told time.Time

	exports []float64
}

func coldStart() bool {
	isolate.mu.Lock()
	defer isolate.mu.Unlock()
	cold := !isolate.warm
	isolate.warm = true
	return cold
}

func addLost(n int) int {
	isolate.mu.Lock()
	defer isolate.mu.Unlock()
	isolate.lost += n
	return isolate.lost
}

func beginExport() (end func()) {
	isolate.mu.Lock()
	defer isolate.mu.Unlock()
	now := float64(time.Now().UnixMilli())
	dead, ok := admit(isolate.exports, now)
	isolate.exports = slices.Delete(isolate.exports, 0, dead)
	if !ok {
		return nil
	}
	isolate.exports = append(isolate.exports, now)
	return func() {
		isolate.mu.Lock()
		defer isolate.mu.Unlock()
		if i := slices.Index(isolate.exports, now); i >= 0 {
			isolate.exports = slices.Delete(isolate.exports, i, i+1)
		}
	}
}

func mayReport() bool {
	isolate.mu.Lock()
	defer isolate.mu.Unlock()
	if time.Since(isolate.told) < time.Second {
		return false
	}
	isolate.told = time.Now()
	return true
}

func consoleError(text string) { _, _ = os.Stderr.WriteString(text + "\n") }
func consoleLog(line []byte)   { _, _ = os.Stdout.Write(append(line, '\n')) }
