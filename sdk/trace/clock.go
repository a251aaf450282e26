package trace

import (
	"sync/atomic"
	"time"
)

// anchor is a moment on the wall clock and on the monotonic clock. The times of a local trace are distances from one
// anchor, so they keep their order whatever happens to the wall clock, and each costs one reading where time.Now takes two.
type anchor struct {
	at    time.Time
	nanos int64
}

// anchorAge is how long traces begin at one anchor, and so how late they notice that the wall clock has been set.
const anchorAge = int64(100 * time.Millisecond)

func newAnchor(at time.Time) *anchor {
	return &anchor{at, max(at.UnixNano(), 1)}
}

// add returns the time that is a distance on from the anchor. It never goes below the anchor.
func (a *anchor) add(distance time.Duration) int64 {
	if t := a.nanos + int64(distance); distance > 0 && t > a.nanos {
		return t
	}
	return a.nanos
}

// clock is the provider's: Config.Clock, or time.Now where that is nil.
type clock struct {
	custom func() time.Time
	latest atomic.Pointer[anchor]
}

// begin returns the time, and the anchor that a local trace goes by. custom is what Config.Clock says, if there is one.
func (c *clock) begin(custom time.Time) (*anchor, int64) {
	if c.custom != nil && !custom.IsZero() {
		a := newAnchor(custom)
		return a, a.nanos
	}
	if a := c.latest.Load(); a != nil {
		if now := a.add(time.Since(a.at)); now-a.nanos < anchorAge {
			return a, now
		}
	}
	a := newAnchor(time.Now())
	c.latest.Store(a)
	return a, a.nanos
}

// now returns the time by an anchor that begin has returned.
func (c *clock) now(a *anchor, custom time.Time) int64 {
	if c.custom != nil {
		return a.add(custom.Sub(a.at))
	}
	return a.add(time.Since(a.at))
}
