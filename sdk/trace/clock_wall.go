//go:build wasip1 || edgespan_small

package trace

import "time"

// timeline is the wall clock, with the latest time that it has shown in this local trace, so that times never go back.
type timeline struct{ latest int64 }

// timelines holds what the local traces of a provider share: nothing, with this clock.
type timelines struct{}

// begin starts the timeline of a local trace, and returns the time of its start.
func (l *timeline) begin(tp *TracerProvider) int64 {
	at := tp.readClock()
	if at.IsZero() { // Config.Clock has panicked
		at = time.Now()
	}
	l.latest = max(at.UnixNano(), 1)
	return l.latest
}

// readClock returns the current time. Config.Clock is the user's code, so readClock must be called without the trace's lock.
func (tp *TracerProvider) readClock() time.Time {
	if tp.config.Clock == nil {
		return time.Now()
	}
	return tp.askClock()
}

// now returns the time on the trace's timeline. at is the result of readClock. The caller holds mu.
func (t *localTrace) now(at time.Time) int64 {
	l := &t.timeline
	l.latest = max(l.latest, at.UnixNano())
	return l.latest
}

// lockRecordNow is lockRecord and also returns the current time.
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
