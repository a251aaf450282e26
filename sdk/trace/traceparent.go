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
	if len(s) < traceparentLen {
		return false
	}
	var b [1 + 16 + 8 + 1]byte // version, trace id, span id, flags
	at := 0
	for i := range b {
		if i == 1 || i == 17 || i == 25 {
			if s[at] != '-' {
				return false
			}
			at++
		}
		high, low := hex.Value(s[at]), hex.Value(s[at+1])
		if high|low > 15 {
			return false
		}
		b[i] = high<<4 | low
		at += 2
	}
	if b[0] == 0xff || len(s) > traceparentLen && (b[0] == 0 || s[traceparentLen] != '-') {
		return false
	}
	sc.TraceID, sc.SpanID, sc.TraceFlags, sc.Remote = TraceID(b[1:17]), SpanID(b[17:25]), TraceFlags(b[25])&knownFlags, true
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
