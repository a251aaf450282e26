package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// What every span has is there twice: quick in append_quick.go, and for wasm, where a binary is sent to every edge, in little
// code in append_small.go. Both give the same; the tag edgespan_small has the tests see the second.

// Bits of the flags beside the trace flags, as trace.proto defines them.
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

// What stands in front of the first attribute's key.
const (
	firstAttributes = `"attributes":[{"key":"`
	nextAttributes  = `,` + firstAttributes
)

// How many attributes a span, an event or a link has lost.
const droppedAttributes = `,"droppedAttributesCount":`

func known(k trace.SpanKind) bool {
	return k != trace.SpanKindUnspecified && k <= trace.SpanKindConsumer
}
