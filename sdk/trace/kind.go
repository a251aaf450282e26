package trace

import "slices"

// SpanKind tells a span's role towards others. The values are OTLP's.
type SpanKind uint8

// The kinds of spans. The zero value counts as internal.
const (
	SpanKindUnspecified SpanKind = iota
	SpanKindInternal
	SpanKindServer
	SpanKindClient
	SpanKindProducer
	SpanKindConsumer
)

var spanKindNames = [...]string{"unspecified", "internal", "server", "client", "producer", "consumer"}

// String returns the lowercase name.
func (k SpanKind) String() string {
	if int(k) < len(spanKindNames) {
		return spanKindNames[k]
	}
	return spanKindNames[0]
}

// known returns SpanKindInternal for what is no kind.
func (k SpanKind) known() SpanKind {
	if k-1 >= SpanKindConsumer { // the zero value wraps around
		return SpanKindInternal
	}
	return k
}

// ParseSpanKind is the inverse of [SpanKind.String]. An unknown name is [SpanKindUnspecified].
func ParseSpanKind(name string) SpanKind {
	return SpanKind(max(0, slices.Index(spanKindNames[:], name)))
}
