package tracetest

import (
	"strconv"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Span returns the span with this name. If there is none, or more than one, the test fails at once.
func Span(t TB, spans []trace.SpanData, name string) trace.SpanData {
	t.Helper()
	named := Named(spans, name)
	switch len(named) {
	case 0:
		t.Fatalf("no span is named %q. There %s", name, inventory(spans))
		return trace.SpanData{}
	case 1:
		return named[0]
	}
	t.Fatalf("%d spans are named %q, want one. There %s", len(named), name, inventory(spans))
	return named[0]
}

// Named returns the spans with this name, in their order.
func Named(spans []trace.SpanData, name string) (named []trace.SpanData) {
	for i := range spans {
		if spans[i].Name == name {
			named = append(named, spans[i])
		}
	}
	return named
}

// OfKind returns the spans of this kind, in their order. The span of a request is of [trace.SpanKindServer], and those of
// requests to backends are of [trace.SpanKindClient].
func OfKind(spans []trace.SpanData, kind trace.SpanKind) (ofKind []trace.SpanData) {
	for i := range spans {
		if spans[i].Kind == kind {
			ofKind = append(ofKind, spans[i])
		}
	}
	return ofKind
}

// inventory returns the rest of a sentence that begins with "there".
func inventory(spans []trace.SpanData) string {
	switch len(spans) {
	case 0:
		return "are no spans"
	case 1:
		return "is 1 span:\n" + Tree(spans)
	}
	return "are " + strconv.Itoa(len(spans)) + " spans:\n" + Tree(spans)
}
