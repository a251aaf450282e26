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

// lockRecordAt is lockRecord. It also returns at, or the current time if at is now.
func (s *Span) lockRecordAt(at int64) (*SpanData, int64) {
	var clock time.Time
	if at == now && s.isRecorded() {
		clock = s.t.tp.readClock()
	}
	d := s.lockRecord()
	if d != nil && at == now {
		at = s.t.now(clock)
	}
	return d, at
}
