package tracetest

import (
	"sync"
	"time"
)

// Clock is a clock that a test moves. Set trace.Config.Clock to its method Now. It may be used from any goroutine.
type Clock struct {
	mu   sync.Mutex
	now  time.Time
	step time.Duration
}

// NewClock returns a clock that shows 2023-11-14T22:13:20Z, which is 1,700,000,000 seconds of Unix time, and does not move by
// itself.
func NewClock() *Clock { return &Clock{now: time.Unix(1_700_000_000, 0).UTC()} }

// Now returns the time that the clock shows, and then moves the clock by the step of SetStep.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now
	c.now = now.Add(c.step)
	return now
}

// Set sets the time that the clock shows. It may be earlier than before.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// SetStep makes the clock move by step each time that it is read, so that no two spans start at the same time.
func (c *Clock) SetStep(step time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = step
}
