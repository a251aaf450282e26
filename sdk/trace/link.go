package trace

// Link points from a span to another span that is one of its causes, https://opentelemetry.io/docs/specs/otel/trace/api/#link.
// A link whose [SpanContext] is invalid is kept if it has attributes or a trace state. Otherwise it is dropped, and counted as
// dropped.
type Link struct {
	SpanContext       SpanContext
	Attributes        []Attribute
	DroppedAttributes uint32
}

func (d *SpanData) addLink(l *Limits, link *Link) {
	if len(d.Links) >= l.Links || !link.SpanContext.IsValid() && len(link.Attributes) == 0 && link.SpanContext.TraceState.IsEmpty() {
		d.DroppedLinks++
		return
	}
	d.Links = append(d.Links, Link{SpanContext: link.SpanContext, DroppedAttributes: link.DroppedAttributes})
	k := &d.Links[len(d.Links)-1]
	addAttributes(&k.Attributes, &k.DroppedAttributes, link.Attributes, l.AttributesPerLink, l.AttributeValueLength)
}
