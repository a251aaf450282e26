package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// There are two encoders. They write the same. Natively, encode_quick.go and append_quick.go are fast. On wasm, where the binary
// is sent to every edge location, object_small.go is little code. The build tag edgespan_small selects the second natively, for
// the tests.

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
