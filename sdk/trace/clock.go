package trace

import "time"

// A local trace has a timeline, and there are two. clock_anchor.go reads the monotonic clock, in half the time of a reading of both.
// clock_wall.go is for wasm, where a binary is sent to every edge, and a trace is a request of some milliseconds: distances between
// times are 8 kB of package time. The tag edgespan_small has the tests see it.

// askClock returns what Config.Clock says; the zero time where it panics.
func (tp *TracerProvider) askClock() time.Time {
	q := call{what: askClock}
	tp.ask(&q)
	return q.now
}
