package trace

import "time"

// Event is something that happened at one moment during a span.
type Event struct {
	Name              string
	Time              int64 // Unix nanoseconds
	Attributes        []Attribute
	DroppedAttributes uint32
}

// AddEvent records that something happened now. Events above [Limits.Events] are dropped and counted.
func (s *Span) AddEvent(name string, attrs ...Attribute) { s.addEvent(now, name, attrs) }

// AddEventAt records that something happened at the given time. The zero time means now. A time before the span's start is
// replaced by its start. Times are kept in nanoseconds, from 1970 to 2262; others become the first or the last of these.
func (s *Span) AddEventAt(at time.Time, name string, attrs ...Attribute) {
	s.addEvent(nanosOf(at), name, attrs)
}

// addEvent adds an event, up to the limit. Exceptions may exceed the limit by outcomeRoom, because a span that is full of its
// user's events would be worth little without the error that ended it. If that room is full too, a further exception takes the
// place of the last event, since the error that ended the span comes last.
func (s *Span) addEvent(at int64, name string, attrs []Attribute) {
	d, at := s.lockRecordAt(at)
	if d == nil {
		return
	}
	t := s.t
	l := &t.tp.config.Limits
	limit := l.Events
	if name == ExceptionEvent {
		limit += outcomeRoom
	}
	if len(d.Events) >= limit {
		d.DroppedEvents++
		if name == ExceptionEvent {
			d.Events = d.Events[:limit-1]
		}
	}
	if len(d.Events) < limit {
		d.Events = append(d.Events, Event{Name: name, Time: max(at, d.Start)})
		e := &d.Events[len(d.Events)-1]
		addAttributes(&e.Attributes, &e.DroppedAttributes, attrs, l.AttributesPerEvent, l.AttributeValueLength)
	}
	t.mu.Unlock()
}
