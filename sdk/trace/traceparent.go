package trace

import (
	"errors"

	"github.com/edgespan/edgespan/sdk/internal/hex"
)

const traceparentLen = 2 + 1 + 32 + 1 + 16 + 1 + 2

var errTraceparent = errors.New("trace: malformed traceparent")

// ParseTraceparent reads the value of a traceparent header, https://www.w3.org/TR/trace-context-2/#traceparent-header, into a remote
// [SpanContext] without trace state.
//
// Version ff, upper case and all-zero ids are refused. A version above 00 is read by its first 55 characters, as the
// specification asks; flags that version 00 does not define are cleared.
func ParseTraceparent(s string) (SpanContext, error) {
	var sc SpanContext
	if !sc.parse(s) {
		return SpanContext{}, errTraceparent
	}
	return sc, nil
}

// parse is ParseTraceparent into sc, which is not valid before, and may be anything where the result is false.
func (sc *SpanContext) parse(s string) bool {
	var version, flags [1]byte
	if len(s) < traceparentLen || s[2] != '-' || s[35] != '-' || s[52] != '-' ||
		!hex.Decode(version[:], s[:2]) || version[0] == 0xff ||
		!hex.Decode(sc.TraceID[:], s[3:35]) || !hex.Decode(sc.SpanID[:], s[36:52]) || !hex.Decode(flags[:], s[53:55]) ||
		len(s) > traceparentLen && (version[0] == 0 || s[traceparentLen] != '-') {
		return false
	}
	sc.TraceFlags, sc.Remote = TraceFlags(flags[0])&knownFlags, true
	return sc.IsValid()
}

// Traceparent returns sc as the value of a traceparent header, of version 00.
func (sc SpanContext) Traceparent() string {
	var buf [traceparentLen]byte
	dst := append(buf[:0], "00-"...)
	dst = hex.Append(dst, sc.TraceID[:])
	dst = append(dst, '-')
	dst = hex.Append(dst, sc.SpanID[:])
	dst = append(dst, '-')
	return string(hex.Append(dst, []byte{byte(sc.TraceFlags)}))
}

// SpanContextFromHeaders reads all traceparent and tracestate values of a request. The result is invalid unless there is exactly one
// traceparent and it is well formed; a malformed tracestate alone is discarded and costs nothing else.
func SpanContextFromHeaders(traceparent, tracestate []string) (sc SpanContext) {
	if len(traceparent) != 1 || !sc.parse(traceparent[0]) {
		return SpanContext{}
	}
	if len(tracestate) > 0 {
		sc.TraceState, _ = ParseTraceState(tracestate...)
	}
	return sc
}
