package trace

// Event is something that happened at one moment during a span.
type Event struct {
	Name              string
	Time              int64 // Unix nanoseconds
	Attributes        []Attribute
	DroppedAttributes uint32
}

// addEvent adds an event, up to the limit. Exceptions may exceed the limit by outcomeRoom, because a span that is full of its
// user's events would be worth little without the error that ended it.
func (d *SpanData) addEvent(l *Limits, name string, at int64, attrs []Attribute) {
	limit := l.Events
	if name == ExceptionEvent {
		limit += outcomeRoom
	}
	if len(d.Events) >= limit {
		d.DroppedEvents++
		return
	}
	d.Events = append(d.Events, Event{Name: name, Time: max(at, d.Start)})
	e := &d.Events[len(d.Events)-1]
	addAttributes(&e.Attributes, &e.DroppedAttributes, attrs, l.AttributesPerEvent, l.AttributeValueLength)
}
