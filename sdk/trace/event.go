package trace

// Event is something that happened at one moment of a span.
type Event struct {
	Name              string
	Time              int64 // Unix nanoseconds
	Attributes        []Attribute
	DroppedAttributes uint32
}

func (d *SpanData) addEvent(l *Limits, name string, at int64, attrs []Attribute) {
	if len(d.Events) >= l.Events {
		d.DroppedEvents++
		return
	}
	d.Events = append(d.Events, Event{Name: name, Time: max(at, d.Start)})
	e := &d.Events[len(d.Events)-1]
	addAttributes(&e.Attributes, &e.DroppedAttributes, attrs, l.AttributesPerEvent, l.AttributeValueLength)
}
