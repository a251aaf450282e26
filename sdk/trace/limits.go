package trace

import "math"

const (
	defaultLimit    = 128
	defaultMaxSpans = 16384
	unlimited       = math.MaxInt32 - outcomeRoom // so that with that room it fits into an int of 32 bits, which is TinyGo's
)

// Limits bound what a span and a local trace may hold. Zero means the default, a negative number means no limit.
// What exceeds a limit is dropped and counted. See https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits.
type Limits struct {
	Attributes           int // of a span; 128 by default. SetOutcome has 16 more
	Events               int // of a span; 128 by default. Exceptions have 16 more
	Links                int // of a span; 128 by default
	AttributesPerEvent   int // 128 by default
	AttributesPerLink    int // 128 by default
	AttributeValueLength int // characters of a string value, and of each string of a list, wherever there are attributes; the rest is cut off. No limit by default

	// Spans is how many spans a local trace holds, 16,384 by default, so that a loop that starts spans cannot use up the
	// memory of its sandbox. Spans above it are not recorded; the root says how many in edgespan.dropped_spans.
	Spans int
}

func (l *Limits) setDefaults() {
	for _, v := range []*int{&l.Attributes, &l.Events, &l.Links, &l.AttributesPerEvent, &l.AttributesPerLink} {
		setDefault(v, defaultLimit)
	}
	setDefault(&l.AttributeValueLength, unlimited)
	setDefault(&l.Spans, defaultMaxSpans)
}

func setDefault(limit *int, standard int) {
	switch {
	case *limit == 0:
		*limit = standard
	case *limit < 0 || *limit > unlimited:
		*limit = unlimited
	}
}
