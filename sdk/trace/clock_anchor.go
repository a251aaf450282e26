//go:build !wasip1 && !edgespan_small

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

// add returns the time that is a distance on from the anchor. It never goes below the anchor, where one too far to count would end up.
func (a *anchor) add(distance time.Duration) int64 { return max(a.nanos+int64(distance), a.nanos) }

// now returns the time by the monotonic clock, with little enough code to be inlined: no program runs until add's limit.
func (a *anchor) now() int64 { return a.nanos + max(int64(time.Since(a.at)), 0) }

// timeline is the anchor that a local trace goes by.
type timeline struct{ *anchor }

// timelines is what the timelines of a provider share.
type timelines struct{ latest atomic.Pointer[anchor] }

// begin begins the timeline of a local trace, and returns the time of its start.
func (l *timeline) begin(tp *TracerProvider) int64 {
	if tp.config.Clock != nil {
		at := tp.askClock()
		if at.IsZero() { // it has panicked
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

// readClock returns what Config.Clock says, if there is one: it is code from outside, so it is read without the trace's lock.
func (tp *TracerProvider) readClock() time.Time {
	if tp.config.Clock == nil {
		return time.Time{}
	}
	return tp.askClock()
}

// now returns the time on a trace's timeline. custom is what readClock has said. The caller holds mu.
func (t *localTrace) now(custom time.Time) int64 {
	if t.tp.config.Clock == nil {
		return t.timeline.now()
	}
	return t.timeline.add(custom.Sub(t.timeline.at))
}

// lockRecordNow is lockRecord with the time. Config.Clock has a way of its own, which leaves the usual one shorter by 14 of 440 ns.
func (s *Span) lockRecordNow() (*SpanData, int64) {
	if !s.isRecorded() {
		return nil, 0
	}
	if s.t.tp.config.Clock != nil {
		return s.lockRecordAt(s.t.tp.readClock())
	}
	d := s.lockRecord()
	if d == nil {
		return nil, 0
	}
	return d, s.t.timeline.now()
}

func (s *Span) lockRecordAt(custom time.Time) (*SpanData, int64) {
	d := s.lockRecord()
	if d == nil {
		return nil, 0
	}
	return d, s.t.now(custom)
}
