//go:build !js

package workers

import (
	"os"
	"sync"
	"time"
)

// isolate is the state of the process, in place of the isolate's.
var isolate struct {
	mu   sync.Mutex
	warm bool
	lost int
	told time.Time
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
