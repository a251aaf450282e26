package trace

import "time"

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

// now returns the time by the monotonic clock.
func (a *anchor) now() int64 { return a.add(time.Since(a.at)) }

// begin returns the anchor that a local trace goes by, and the time of its start.
func (tp *TracerProvider) begin() (*anchor, int64) {
	var at time.Time
	if tp.config.Clock != nil {
		at = tp.readClock()
	} else if a := tp.latest.Load(); a != nil {
		if now := a.now(); now-a.nanos < anchorAge {
			return a, now
		}
	}
	if at.IsZero() { // without Config.Clock, or it has panicked
		at = time.Now()
	}
	a := newAnchor(at)
	if tp.config.Clock == nil {
		tp.latest.Store(a)
	}
	return a, a.nanos
}

// now returns the time by the trace's anchor. custom is what Config.Clock says, if there is one: it is read without the lock,
// since it is code from outside.
func (t *localTrace) now(custom time.Time) int64 {
	if t.tp.config.Clock == nil {
		return t.anchor.now()
	}
	return t.anchor.add(custom.Sub(t.anchor.at))
}

// readClock returns what Config.Clock says; the zero time where there is none, or it panics.
func (tp *TracerProvider) readClock() time.Time {
	if tp.config.Clock == nil {
		return time.Time{}
	}
	q := call{what: askClock}
	tp.ask(&q)
	return q.now
}
