package tracetest

import (
	"sync"
	"time"
)

// Clock is a clock that a test moves. Its method Now goes to trace.Config.Clock. It may be used from any goroutine.
type Clock struct {
	mu   sync.Mutex
	now  time.Time
	step time.Duration
}

// NewClock returns a clock that stands at 2023-11-14T22:13:20Z, which is 1,700,000,000 seconds of Unix time.
func NewClock() *Clock { return &Clock{now: time.Unix(1_700_000_000, 0).UTC()} }

// Now returns the clock's time, and then moves it by the step.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now
	c.now = now.Add(c.step)
	return now
}

// Set sets the clock's time, which may be before the one that it has.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// SetStep makes the clock move by itself each time that it is read, so that no two spans start at once.
func (c *Clock) SetStep(step time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = step
}
