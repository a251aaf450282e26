//go:build !wasip1 && !edgespan_small

package trace

import (
	"sync/atomic"
	"time"
)

// anchor is one moment, as read on the wall clock and on the monotonic clock. The times of a local trace are the anchor's time
// plus the distance from it on the monotonic clock. So they keep their order when the wall clock is set, and each costs one
// clock reading instead of the two of time.Now.
type anchor struct {
	at    time.Time
	nanos int64
}

// anchorAge is how long new traces share one anchor. It is also how late they notice that the wall clock has been set.
const anchorAge = int64(100 * time.Millisecond)

func newAnchor(at time.Time) *anchor {
	return &anchor{at, max(at.UnixNano(), 1)}
}

// add returns the time at a distance from the anchor. If the sum overflows, it returns the anchor's time.
func (a *anchor) add(distance time.Duration) int64 { return max(a.nanos+int64(distance), a.nanos) }

// now returns the time by the monotonic clock. It does without the overflow check of add, which no program runs long enough to
// need, so that it can be inlined.
func (a *anchor) now() int64 { return a.nanos + max(int64(time.Since(a.at)), 0) }

// timeline is the anchor that the times of a local trace are measured from.
type timeline struct{ *anchor }

// timelines holds what the local traces of a provider share: the latest anchor.
type timelines struct{ latest atomic.Pointer[anchor] }

// begin starts the timeline of a local trace, and returns the time of its start.
func (l *timeline) begin(tp *TracerProvider) int64 {
	if tp.config.Clock != nil {
		at := tp.askClock()
		if at.IsZero() { // Config.Clock has panicked
			at = time.Now()
		}
		l.anchor = newAnchor(at)
		return l.nanos
	}
	if a := tp.timelines.latest.Load(); a != nil {
		if now := a.now(); now-a.nanos < anchorAge {
			l.anchor = a
			return now
		}
	}
	l.anchor = newAnchor(time.Now())
	tp.timelines.latest.Store(l.anchor)
	return l.nanos
}

// readClock returns the time that Config.Clock gives, or the zero time if there is none. Config.Clock is the user's code, so
// readClock must be called without the trace's lock.
func (tp *TracerProvider) readClock() time.Time {
	if tp.config.Clock == nil {
		return time.Time{}
	}
	return tp.askClock()
}

// now returns the time on the trace's timeline. custom is the result of readClock. The caller holds mu.
func (t *localTrace) now(custom time.Time) int64 {
	if t.tp.config.Clock == nil {
		return t.timeline.now()
	}
	return t.timeline.add(custom.Sub(t.timeline.at))
}

// lockRecordAt is lockRecord. It also returns at, or the current time if at is now. Config.Clock has a path of its own, which
// saves 14 of 440 ns on the usual path.
func (s *Span) lockRecordAt(at int64) (*SpanData, int64) {
	if at == now && s.isRecorded() && s.t.tp.config.Clock != nil {
		return s.lockRecordCustom(s.t.tp.readClock())
	}
	d := s.lockRecord()
	if d != nil && at == now {
		at = s.t.timeline.now()
	}
	return d, at
}

// lockRecordCustom is lockRecordAt for the time that Config.Clock has given.
func (s *Span) lockRecordCustom(custom time.Time) (*SpanData, int64) {
	d := s.lockRecord()
	if d == nil {
		return nil, 0
	}
	return d, s.t.now(custom)
}
