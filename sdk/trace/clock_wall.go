//go:build wasip1 || edgespan_small

package trace

import "time"

// timeline is the wall clock within a local trace, where it never goes back.
type timeline struct{ latest int64 }

// timelines is what the timelines of a provider share.
type timelines struct{}

// begin begins the timeline of a local trace, and returns the time of its start.
func (l *timeline) begin(tp *TracerProvider) int64 {
	at := tp.readClock()
	if at.IsZero() { // it has panicked
		at = time.Now()
	}
	l.latest = max(at.UnixNano(), 1)
	return l.latest
}

// readClock returns the time. It is read without the trace's lock, since Config.Clock is code from outside.
func (tp *TracerProvider) readClock() time.Time {
	if tp.config.Clock == nil {
		return time.Now()
	}
	return tp.askClock()
}

// now returns the time on a trace's timeline. at is what readClock has said. The caller holds mu.
func (t *localTrace) now(at time.Time) int64 {
	l := &t.timeline
	l.latest = max(l.latest, at.UnixNano())
	return l.latest
}

// lockRecordNow is lockRecord with the time.
func (s *Span) lockRecordNow() (*SpanData, int64) {
	if !s.isRecorded() {
		return nil, 0
	}
	at := s.t.tp.readClock()
	d := s.lockRecord()
	if d == nil {
		return nil, 0
	}
	return d, s.t.now(at)
}
