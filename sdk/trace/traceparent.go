package trace

import (
	"errors"

	"github.com/edgespan/edgespan/sdk/internal/hex"
)

const traceparentLen = 2 + 1 + 32 + 1 + 16 + 1 + 2

var errTraceparent = errors.New("trace: malformed traceparent")

// ParseTraceparent parses the value of a traceparent header, https://www.w3.org/TR/trace-context-2/#traceparent-header. It
// returns a remote [SpanContext] without a trace state.
//
// It returns an error for version ff, for upper case and for an id that is zero. Of a version above 00 it reads the first 55
// characters, as the specification asks. It clears flags that level 2 of the specification does not define.
func ParseTraceparent(s string) (SpanContext, error) {
	var sc SpanContext
	if !sc.parse(s) {
		return SpanContext{}, errTraceparent
	}
	return sc, nil
}

// parse is ParseTraceparent into sc, which must be zero. If it returns false, sc may hold anything.
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

// Traceparent returns sc as the value of a traceparent header of version 00.
func (sc SpanContext) Traceparent() string {
	var buf [traceparentLen]byte
	dst := append(buf[:0], "00-"...)
	dst = hex.Append(dst, sc.TraceID[:])
	dst = append(dst, '-')
	dst = hex.Append(dst, sc.SpanID[:])
	dst = append(dst, '-')
	return string(hex.Append(dst, []byte{byte(sc.TraceFlags)}))
}

// SpanContextFromHeaders returns the remote [SpanContext] of a request, from all values of its traceparent and tracestate
// headers. The result is invalid unless there is exactly one traceparent and it is well formed. A malformed tracestate is
// discarded, and the rest is still valid.
func SpanContextFromHeaders(traceparent, tracestate []string) (sc SpanContext) {
	if len(traceparent) != 1 || !sc.parse(traceparent[0]) {
		return SpanContext{}
	}
	if len(tracestate) > 0 {
		sc.TraceState, _ = ParseTraceState(tracestate...)
	}
	return sc
}
