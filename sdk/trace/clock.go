package trace

import "time"

// A local trace has a timeline, and there are two. clock_anchor.go reads the monotonic clock, in half the time of a reading of both, and
// finer than JavaScript's wall clock, which has milliseconds. clock_wall.go is for wasip1, where a binary is sent to every edge, and a
// trace is a request of some milliseconds: distances between times are 8 kB of package time. The tag edgespan_small has the tests see
// it, and a page, whose clock is its own.

// askClock returns what Config.Clock says; the zero time where it panics.
func (tp *TracerProvider) askClock() time.Time {
	q := call{what: askClock}
	tp.ask(&q)
	return q.now
}
