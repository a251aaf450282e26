// Package once reports an error once, if it would otherwise be reported with every request.
package once

import (
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/fault"
)

// spacing is the least time between two reports of the same error, even if there was a success in between.
const spacing = time.Minute

// Filter passes an error on if it is not one of the last few errors, or if it returns after a success and spacing has passed.
// The zero value is ready for use. All methods may be called from any goroutine.
type Filter struct {
	mu     sync.Mutex
	seen   Texts
	passed time.Time // when an error was last passed on
	worked bool      // there has been a success since then
}

// Error returns err if it should be reported, and nil otherwise.
func (f *Filter) Error(err error) error {
	if err == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if f.worked && now.Sub(f.passed) >= spacing {
		f.seen = Texts{}
	}
	if !f.seen.IsNew(fault.Message(err)) { // Message, because err may be a nil pointer whose Error method panics
		return nil
	}
	f.passed, f.worked = now, false
	return err
}

// Fine records a success. If the same error returns after that, and spacing has passed, it is reported again.
func (f *Filter) Fine() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.worked = true
}
