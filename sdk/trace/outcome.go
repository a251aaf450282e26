package trace

// outcomeRoom is how many attributes SetOutcome may set above the limit of a span's attributes, and how many exceptions there may be above
// that of its events: more than any instrumentation here has.
const outcomeRoom = 16

// SetOutcome is SetAttributes for instrumentation that says, at a span's end, how it came out: an HTTP status, an error.type. A span that is
// full of its user's attributes would be worth little without, so there are 16 places for them above [Limits.Attributes]. The status itself is
// SetStatus's.
func (s *Span) SetOutcome(attrs ...Attribute) { s.set(outcomeRoom, attrs) }

// set sets attributes, up to so many above the limit. The two methods that call it are inlined, and only this is in a binary.
func (s *Span) set(above int, attrs []Attribute) {
	if d := s.lockRecord(); d != nil {
		t := s.t
		d.setAttributes(&t.tp.config.Limits, above, attrs)
		t.mu.Unlock()
	}
}
