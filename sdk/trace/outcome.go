package trace

// outcomeRoom is how many attributes SetOutcome may set above Limits.Attributes, and how many exceptions a span may have above
// Limits.Events. It is more than any instrumentation here needs.
const outcomeRoom = 16

// SetOutcome sets attributes as [Span.SetAttributes] does, with room for 16 attributes above [Limits.Attributes]. It is for
// instrumentation that records at a span's end how the operation came out, such as an HTTP status code or error.type, so that
// these attributes have room in a span that is full of the user's attributes. It does not set the span's status: see
// [Span.SetStatus].
func (s *Span) SetOutcome(attrs ...Attribute) { s.set(outcomeRoom, attrs) }

// set sets attributes, with the limit raised by extra. The two methods that call it are inlined, so a binary holds this code
// once.
func (s *Span) set(extra int, attrs []Attribute) {
	if d := s.lockRecord(); d != nil {
		t := s.t
		d.setAttributes(&t.tp.config.Limits, extra, attrs)
		t.mu.Unlock()
	}
}
