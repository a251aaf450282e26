// Package once keeps an error that comes with every request from being reported with every request.
package once

import (
	"sync"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// spacing is how far apart two reports of the same error are at least, also when it went well in between.
const spacing = time.Minute

// Filter lets an error through when it is another than the last one, or when it has been away. The zero value is ready, and
// may be used from any goroutine.
type Filter struct {
	mu     sync.Mutex
	said   string
	at     time.Time
	better bool
}

// Error returns err if it should be reported, else nil.
func (f *Filter) Error(err error) error {
	if err == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now, text := time.Now(), trace.Message(err) // which the Error method of a nil in an interface does not stop
	if text == f.said && (!f.better || now.Sub(f.at) < spacing) {
		return nil
	}
	f.said, f.at, f.better = text, now, false
	return err
}

// Fine notes that it went well: should the same error come again, it is news.
func (f *Filter) Fine() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.better = true
}
