// Package once keeps an error that comes with every request from being reported with every request.
package once

import (
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// spacing is how far apart two reports of the same error are at least, also when it went well in between.
const spacing = time.Minute

// Filter lets an error through when it is none of the last few, or when it has been away. The zero value is ready, and may be used
// from any goroutine.
type Filter struct {
	mu     sync.Mutex
	said   Texts
	at     time.Time // when it has last let one through
	better bool      // it went well since then
}

// Error returns err if it should be reported, else nil.
func (f *Filter) Error(err error) error {
	if err == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.better && now.Sub(f.at) >= spacing {
		f.said = Texts{}
	}
	if !f.said.IsNew(fault.Message(err)) { // whose text may come from the Error method of a nil in an interface
		return nil
	}
	f.at, f.better = now, false
	return err
}

// Fine notes that it went well: should the same error come again, it is news.
func (f *Filter) Fine() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.better = true
}
