package trace

import "slices"

// SpanKind is a span's role in an exchange with others. The numbers are those of OTLP.
type SpanKind uint8

// The kinds of spans. [SpanKindUnspecified], the zero value, is recorded as [SpanKindInternal]. See
// https://opentelemetry.io/docs/specs/otel/trace/api/#spankind.
const (
	SpanKindUnspecified SpanKind = iota
	SpanKindInternal
	SpanKindServer
	SpanKindClient
	SpanKindProducer
	SpanKindConsumer
)

var spanKindNames = [...]string{"unspecified", "internal", "server", "client", "producer", "consumer"}

// String returns the name in lower case, such as "server". For a number that is no kind it returns "unspecified".
func (k SpanKind) String() string {
	if int(k) < len(spanKindNames) {
		return spanKindNames[k]
	}
	return spanKindNames[0]
}

// known returns k, or SpanKindInternal if k is unspecified or no kind.
func (k SpanKind) known() SpanKind {
	if k-1 >= SpanKindConsumer { // the zero value wraps around
		return SpanKindInternal
	}
	return k
}

// ParseSpanKind is the inverse of [SpanKind.String]. For an unknown name it returns [SpanKindUnspecified].
func ParseSpanKind(name string) SpanKind {
	return SpanKind(max(0, slices.Index(spanKindNames[:], name)))
}
