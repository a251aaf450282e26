package trace

// Bridge makes the contexts that carry the provider's spans answer to another tracing API as well: value is asked for every
// key that such a context is asked for, with the span that it carries, and says nil where the key is not that API's. So the
// two APIs agree on which span is the innermost, whoever started it.
//
// It is for Edgespan's own otelbridge, and called before the provider's first span; the last function counts. value runs on
// every look into a context, so it should be no more than a comparison.
func (tp *TracerProvider) Bridge(value func(span *Span, key any) any) {
	if tp != nil {
		tp.bridge = value
	}
}
