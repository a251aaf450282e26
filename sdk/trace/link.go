package trace

// Link points from a span to another that caused it in part. One whose [SpanContext] is invalid leads nowhere, and is kept for what its
// attributes or its trace state say; where they say nothing it is dropped, and counted:
// https://opentelemetry.io/docs/specs/otel/trace/api/#link.
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
