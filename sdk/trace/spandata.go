package trace

// SpanData is a span as plain data. An [Exporter] receives it, encoders write it, and decoders read it.
type SpanData struct {
	SpanContext  SpanContext
	ParentSpanID SpanID // zero for the root of a trace
	ParentRemote bool   // the parent belongs to another process

	Name   string
	Kind   SpanKind
	Start  int64 // Unix nanoseconds, above 0: times reach from 1970 to 2262
	End    int64 // Unix nanoseconds, not before Start; 0 while the span is open
	Status Status
	Scope  *Scope // nil for [DefaultScope]

	Attributes []Attribute
	Events     []Event
	Links      []Link

	DroppedAttributes uint32
	DroppedEvents     uint32
	DroppedLinks      uint32
}

// Attribute returns the value of key, and whether the span has that key.
func (d *SpanData) Attribute(key string) (Value, bool) {
	if i := indexKey(d.Attributes, key); i >= 0 {
		return d.Attributes[i].Value, true
	}
	return Value{}, false
}

// Clone returns a copy that shares no memory that the provider uses again. Empty lists are nil in the copy.
func (d *SpanData) Clone() SpanData {
	c := *d
	c.Attributes = clone(d.Attributes)
	c.Events = clone(d.Events)
	for i := range c.Events {
		c.Events[i].Attributes = clone(c.Events[i].Attributes)
	}
	c.Links = clone(d.Links)
	for i := range c.Links {
		c.Links[i].Attributes = clone(c.Links[i].Attributes)
	}
	return c
}

func clone[T any](s []T) []T { return append([]T(nil), s...) }
