package trace

// Link points from a span to another that caused it in part.
type Link struct {
	SpanContext       SpanContext
	Attributes        []Attribute
	DroppedAttributes uint32
}

func (d *SpanData) addLink(l *Limits, link *Link) {
	if len(d.Links) >= l.Links || !link.SpanContext.IsValid() {
		d.DroppedLinks++
		return
	}
	d.Links = append(d.Links, Link{SpanContext: link.SpanContext, DroppedAttributes: link.DroppedAttributes})
	k := &d.Links[len(d.Links)-1]
	addAttributes(&k.Attributes, &k.DroppedAttributes, link.Attributes, l.AttributesPerLink, l.AttributeValueLength)
}
