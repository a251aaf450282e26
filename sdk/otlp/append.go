package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// There are two implementations for the parts that every span has. They write the same. append_quick.go is fast.
// append_small.go is for wasm, where the binary is sent to every edge location: it is little code. The build tag edgespan_small
// selects the second natively, for the tests.

// Bits of the flags other than the trace flags, as trace.proto defines them.
const (
	flagsHasRemote = 0x100
	flagsRemote    = 0x200
)

func flags(f trace.TraceFlags, remote bool) int64 {
	v := int64(f) | flagsHasRemote
	if remote {
		v |= flagsRemote
	}
	return v
}

// What comes before the key of the first attribute.
const (
	firstAttributes = `"attributes":[{"key":"`
	nextAttributes  = `,` + firstAttributes
)

// What comes before the number of dropped attributes of a span, an event or a link.
const droppedAttributes = `,"droppedAttributesCount":`

func known(k trace.SpanKind) bool {
	return k != trace.SpanKindUnspecified && k <= trace.SpanKindConsumer
}
