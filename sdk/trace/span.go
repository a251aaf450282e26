package trace

import "time"

// Span is a handle on one span: a value to hold while the work goes on. All methods may be called from any goroutine, on
// nil (the span that is not recorded), and after End, when they do nothing.
//
// A handle knows which use of its storage it belongs to. Kept beyond the end of its trace, it finds that the storage has
// passed to another one, and leaves it alone.
type Span struct {
	_ [0]func() // no ==, which would be code

	t   *localTrace // nil in the zero value only
	gen uint64      // the use of t that the handle belongs to
	idx int         // its place in t.spans, or notRecorded
	sc  SpanContext
}

const notRecorded = -1

// SpanContext returns what identifies the span to others. It stays the same after End. That of nil is invalid.
func (s *Span) SpanContext() SpanContext {
	if s == nil {
		return SpanContext{}
	}
	return s.sc
}

// isRecorded reports whether the span has, or had, a record.
func (s *Span) isRecorded() bool { return s != nil && s.t != nil && s.idx != notRecorded }

// IsRecording reports whether the span takes what is set on it: it is recorded, and has not ended.
func (s *Span) IsRecording() bool {
	if s.lockRecord() == nil {
		return false
	}
	s.t.mu.Unlock()
	return true
}

// SetAttributes sets attributes. A key that is there already gets the new value; at [Limits.Attributes], new keys are dropped and counted.
func (s *Span) SetAttributes(attrs ...Attribute) { s.set(0, attrs) }

// AddEvent records that something happened now.
func (s *Span) AddEvent(name string, attrs ...Attribute) {
	if d, now := s.lockRecordNow(); d != nil {
		t := s.t
		d.addEvent(&t.tp.config.Limits, name, now, attrs)
		t.mu.Unlock()
	}
}

// AddEventAt records that something happened at a time, now where that is zero. A time before the span's start becomes its start.
// Times are kept in nanoseconds, and reach to the year 2262.
func (s *Span) AddEventAt(at time.Time, name string, attrs ...Attribute) {
	if at.IsZero() {
		s.AddEvent(name, attrs...)
		return
	}
	if d := s.lockRecord(); d != nil {
		d.addEvent(&s.t.tp.config.Limits, name, at.UnixNano(), attrs)
		s.t.mu.Unlock()
	}
}

// AddLink adds a link. One that says nothing is dropped, and counted: see [Link].
func (s *Span) AddLink(link Link) {
	if d := s.lockRecord(); d != nil {
		d.addLink(&s.t.tp.config.Limits, &link)
		s.t.mu.Unlock()
	}
}

// RecordError adds an exception event for err. The status stays as it is, since not every error fails the span: see SetStatus.
func (s *Span) RecordError(err error, attrs ...Attribute) {
	if err == nil || !s.IsRecording() {
		return
	}
	s.AddEvent(ExceptionEvent, append(exceptionAttributes(err), attrs...)...)
}

// SetStatus sets the outcome. [StatusOK] is final, [StatusUnset] changes nothing, and only [StatusError] keeps a description. One without
// leaves the description of an error that was set before.
func (s *Span) SetStatus(code StatusCode, description string) {
	if d := s.lockRecord(); d != nil {
		d.setStatus(code, description)
		s.t.mu.Unlock()
	}
}

// SetName replaces the name.
func (s *Span) SetName(name string) {
	if d := s.lockRecord(); d != nil {
		d.Name = name
		s.t.mu.Unlock()
	}
}

// SetKind replaces the kind.
func (s *Span) SetKind(kind SpanKind) {
	if d := s.lockRecord(); d != nil {
		d.Kind = kind.known()
		s.t.mu.Unlock()
	}
}

// End ends the span now. When it is the root of its local trace, the trace is handed to the exporter before End returns.
func (s *Span) End() {
	if d, now := s.lockRecordNow(); d != nil {
		s.t.endAndUnlock(s, d, now)
	}
}

// EndAt ends the span as of a time, now where that is zero. A time before the span's start becomes its start. Times are kept in
// nanoseconds, and reach to the year 2262.
func (s *Span) EndAt(at time.Time) {
	if at.IsZero() {
		s.End()
		return
	}
	if d := s.lockRecord(); d != nil {
		s.t.endAndUnlock(s, d, at.UnixNano())
	}
}

// lockRecord returns the span's record with its trace locked, for the caller to unlock; or nil, and nothing locked, where there is
// nothing to write to.
func (s *Span) lockRecord() *SpanData {
	if !s.isRecorded() {
		return nil
	}
	t := s.t
	t.mu.Lock()
	if t.gen == s.gen {
		if d := &t.spans[s.idx]; d.End == 0 {
			return d
		}
	}
	t.mu.Unlock()
	return nil
}
