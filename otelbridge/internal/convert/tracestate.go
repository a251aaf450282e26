package convert

import (
	"strings"

	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/trace"
)

// TraceStateFromOTel returns ts as Edgespan's, which bounds its length: see trace.ParseTraceState.
func TraceStateFromOTel(ts oteltrace.TraceState) trace.TraceState {
	state, _ := trace.ParseTraceState(ts.String())
	return state
}

// TraceStateToOTel returns ts as OpenTelemetry's, which knows the keys of Trace Context level 1 only: a member whose key level
// 2 has allowed is left out, and the others stay.
func TraceStateToOTel(ts trace.TraceState) oteltrace.TraceState {
	s := ts.String()
	if s == "" {
		return oteltrace.TraceState{}
	}
	if state, err := oteltrace.ParseTraceState(s); err == nil {
		return state
	}
	var known []string
	for member := range strings.SplitSeq(s, ",") {
		if _, err := oteltrace.ParseTraceState(member); err == nil {
			known = append(known, member)
		}
	}
	state, _ := oteltrace.ParseTraceState(strings.Join(known, ","))
	return state
}
