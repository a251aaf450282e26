package trace

import "context"

// Bridge makes the contexts that carry the provider's spans answer to another tracing API as well: value is asked for every
// key that such a context is asked for, with the span that it carries, and says nil where the key is not that API's. So the
// two APIs agree on which span is the innermost, whoever started it.
//
// It is for packages like otelbridge, and called before the provider's first span; the last function counts. value runs on
// every look into a context, so it should be no more than a comparison.
func (tp *TracerProvider) Bridge(value func(span *Span, key any) any) {
	if tp != nil {
		tp.bridge = value
	}
}

// value is what a context that carries s answers, with what is beneath it.
func (s *Span) value(beneath context.Context, key any) any {
	if key == (spanKey{}) {
		return s
	}
	if s.t != nil {
		if bridge := s.t.tp.bridge; bridge != nil {
			if v := bridge(s, key); v != nil {
				return v
			}
		}
	}
	return beneath.Value(key)
}

// carried is a span and a context that somebody else than its start put it into.
type carried struct {
	context.Context // never an *activeSpan
	span            *Span
}

func (c *carried) Value(key any) any { return c.span.value(c.Context, key) }
