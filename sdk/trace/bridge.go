package trace

// Bridge makes the contexts that carry this provider's spans answer another tracing API too, so that both APIs agree on which
// span is the innermost, whichever of them started it. value is called for every key that is looked up in such a context, with
// the span that the context carries. It returns nil for a key that does not belong to the other API.
//
// Bridge is for Edgespan's own otelbridge. Call it before the provider's first span. A second call replaces the function of the
// first. value runs at every lookup in a context, so it should be no more than a comparison.
func (tp *TracerProvider) Bridge(value func(span *Span, key any) any) {
	if tp != nil {
		tp.bridge = value
	}
}
