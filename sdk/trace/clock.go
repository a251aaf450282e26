package trace

import (
	"math"
	"time"
)

// A local trace takes its times from a timeline. There are two implementations.
//
// clock_anchor.go reads only the monotonic clock. That takes half the time of reading both clocks, and is finer than
// JavaScript's wall clock, which counts milliseconds.
//
// clock_wall.go is for wasip1, where the binary is sent to every edge location and a trace is one request of some milliseconds:
// the arithmetic on times would link 8 kB of package time. The build tag edgespan_small selects it natively, for the tests.
// Pages built with that tag use it too.

// askClock returns the time that Config.Clock gives, or the zero time if Config.Clock panics.
func (tp *TracerProvider) askClock() time.Time {
	q := call{what: askClock}
	tp.ask(&q)
	return q.now
}

// now stands for the current time, where a time in Unix nanoseconds is asked for.
const now = 0

// nanosOf returns a user's time in Unix nanoseconds, or now if it is zero. A span's times reach from 1970 to 2262, and others
// become the first or the last of these: at.UnixNano is meaningless for them.
func nanosOf(at time.Time) int64 {
	switch seconds := at.Unix(); {
	case at.IsZero():
		return now
	case seconds < 0:
		return 1
	case seconds >= math.MaxInt64/int64(time.Second):
		return math.MaxInt64
	}
	return max(at.UnixNano(), 1)
}
