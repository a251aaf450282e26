package trace

import "math"

const (
	defaultLimit    = 128
	defaultMaxSpans = 16384
	unlimited       = math.MaxInt32 - outcomeRoom // the sum of unlimited and outcomeRoom fits into TinyGo's int of 32 bits
)

// Limits bound what a span and a local trace hold. Zero means the default, and a negative number means no limit. Data above a
// limit is dropped and counted. See https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits.
type Limits struct {
	Attributes         int // of a span; 128 by default. SetOutcome may set 16 more
	Events             int // of a span; 128 by default. There may be 16 more exception events
	Links              int // of a span; 128 by default
	AttributesPerEvent int // 128 by default
	AttributesPerLink  int // 128 by default
	// AttributeValueLength is how many characters of a string value are kept, and of each string of a list. The rest is cut
	// off. It holds for attributes of spans, events and links. There is no limit by default.
	AttributeValueLength int

	// Spans is how many spans a local trace holds, 16,384 by default, so that a loop that starts spans cannot use up the memory
	// of its sandbox. Further spans are not recorded. The root span has their number in the attribute edgespan.dropped_spans.
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
