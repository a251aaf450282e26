package trace

// Span is a handle on one span of a trace. A nil *Span is a span that is not recorded, and accepts every call. All methods may
// be called from any goroutine. After End, the methods that change the span do nothing.
//
// The storage of a local trace is used again after the trace has been exported. A Span knows which use of the storage it
// belongs to, so a Span that is kept longer cannot change another trace.
type Span struct {
	_ [0]func() // forbids ==, whose code would be linked

	t   *localTrace // nil only in the zero value
	gen uint64      // the use of t that the span belongs to
	idx int         // the span's index in t.spans, or notRecorded
	sc  SpanContext
}

const notRecorded = -1

// SpanContext returns the ids, flags and trace state that identify the span to other processes. It does not change when the
// span ends. For a nil Span it is invalid.
func (s *Span) SpanContext() SpanContext {
	if s == nil {
		return SpanContext{}
	}
	return s.sc
}

// isRecorded reports whether the span has a record, or had one before its trace was exported.
func (s *Span) isRecorded() bool { return s != nil && s.t != nil && s.idx != notRecorded }

// IsRecording reports whether the span is recorded and has not ended. Use it to skip work that only prepares attributes or
// events.
func (s *Span) IsRecording() bool {
	if s.lockRecord() == nil {
		return false
	}
	s.t.mu.Unlock()
	return true
}

// SetAttributes sets attributes. If the span has a key already, its value is replaced. New keys above [Limits.Attributes] are
// dropped and counted.
func (s *Span) SetAttributes(attrs ...Attribute) { s.set(0, attrs) }

// AddLink adds a link. A link that says nothing is dropped and counted, see [Link], and so are links above [Limits.Links].
func (s *Span) AddLink(link Link) {
	if d := s.lockRecord(); d != nil {
		d.addLink(&s.t.tp.config.Limits, &link)
		s.t.mu.Unlock()
	}
}

// RecordError adds an exception event with the type and the text of err. It does not change the status, since not every error
// fails the span: for that, call [Span.SetStatus]. A nil err is ignored.
func (s *Span) RecordError(err error, attrs ...Attribute) {
	if err == nil || !s.IsRecording() {
		return
	}
	s.AddEvent(ExceptionEvent, append(exceptionAttributes(err), attrs...)...)
}

// SetStatus sets the outcome of the span. As in OpenTelemetry, [StatusOK] is final, [StatusUnset] changes nothing, and only
// [StatusError] has a description. Beyond OpenTelemetry, [StatusError] with an empty description keeps the description of an
// earlier error.
func (s *Span) SetStatus(code StatusCode, description string) {
	if d := s.lockRecord(); d != nil {
		d.setStatus(code, description)
		s.t.mu.Unlock()
	}
}

// SetName replaces the name of the span.
func (s *Span) SetName(name string) {
	if d := s.lockRecord(); d != nil {
		d.Name = name
		s.t.mu.Unlock()
	}
}

// SetKind replaces the kind of the span.
func (s *Span) SetKind(kind SpanKind) {
	if d := s.lockRecord(); d != nil {
		d.Kind = kind.known()
		s.t.mu.Unlock()
	}
}

// lockRecord returns the record of an open span, with the local trace locked. The caller must unlock it. For a span that is not
// recorded or has ended, it returns nil and locks nothing.
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
