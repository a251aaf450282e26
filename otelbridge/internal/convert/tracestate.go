package convert

import (
	"strings"

	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/sdk/trace"
)

// TraceStateFromOTel converts ts to Edgespan's type, which limits its length: see trace.ParseTraceState.
func TraceStateFromOTel(ts oteltrace.TraceState) trace.TraceState {
	state, _ := trace.ParseTraceState(ts.String())
	return state
}

// TraceStateToOTel converts ts to OpenTelemetry's type. That accepts only the keys of Trace Context level 1, so a member whose
// key is allowed only since level 2 is left out. The other members stay.
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
