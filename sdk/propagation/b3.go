package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/trace"
)

// B3 is Zipkin's, https://github.com/openzipkin/b3-propagation. It reads the single header, and the several where that is
// missing or malformed. It writes the single one, or the several where Multi is set.
type B3 struct{ Multi bool }

// Extract reads b3 or X-B3-*. Headers without ids say nothing that an edge would follow, and name no span.
func (B3) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	if sc, ok := parseB3(one(h, "B3")); ok {
		return ctx, sc
	}
	sampled := one(h, "X-B3-Sampled")
	sc, ok := ids(one(h, "X-B3-Traceid"), one(h, "X-B3-Spanid"))
	if !ok {
		return ctx, trace.SpanContext{}
	}
	if sampled == "1" || sampled == "true" || one(h, "X-B3-Flags") == "1" {
		sc.TraceFlags = trace.FlagSampled
	}
	return ctx, sc
}

// Inject writes b3, or X-B3-TraceId, X-B3-SpanId and X-B3-Sampled.
func (b B3) Inject(_ context.Context, h map[string][]string, sc trace.SpanContext) {
	for _, name := range b.Fields() {
		delete(h, name)
	}
	sampled := "0"
	if sc.IsSampled() {
		sampled = "1"
	}
	traceID, spanID := sc.TraceID.String(), sc.SpanID.String()
	if !b.Multi {
		h["B3"] = []string{traceID + "-" + spanID + "-" + sampled}
		return
	}
	h["X-B3-Traceid"], h["X-B3-Spanid"], h["X-B3-Sampled"] = []string{traceID}, []string{spanID}, []string{sampled}
}

// Fields returns the headers of both kinds.
func (B3) Fields() []string {
	return []string{"B3", "X-B3-Traceid", "X-B3-Spanid", "X-B3-Parentspanid", "X-B3-Sampled", "X-B3-Flags"}
}

// parseB3 reads {TraceId}-{SpanId}[-{SamplingState}[-{ParentSpanId}]].
func parseB3(s string) (trace.SpanContext, bool) {
	n := 32 // of the trace id
	if len(s) > 16 && s[16] == '-' {
		n = 16
	}
	if len(s) < n+17 || s[n] != '-' {
		return trace.SpanContext{}, false
	}
	sc, ok := ids(s[:n], s[n+1:n+17])
	if !ok {
		return sc, false
	}
	switch rest := s[n+17:]; {
	case rest == "":
	case len(rest) == 2 || len(rest) == 19 && rest[2] == '-' && hex.Decode(make([]byte, 8), rest[3:]):
		if rest[0] != '-' || rest[1] != '0' && rest[1] != '1' && rest[1] != 'd' {
			return trace.SpanContext{}, false
		}
		if rest[1] != '0' {
			sc.TraceFlags = trace.FlagSampled
		}
	default:
		return trace.SpanContext{}, false
	}
	return sc, true
}

// ids reads a trace id of 64 or 128 bits and a span id.
func ids(traceID, spanID string) (sc trace.SpanContext, ok bool) {
	at := 0
	if len(traceID) == 16 {
		at = 8
	}
	ok = hex.Decode(sc.TraceID[at:], traceID) && hex.Decode(sc.SpanID[:], spanID) && sc.IsValid()
	if !ok {
		return trace.SpanContext{}, false
	}
	sc.Remote = true
	return sc, true
}

// one returns the value of a header that is there once.
func one(h map[string][]string, name string) string {
	if values := h[name]; len(values) == 1 {
		return values[0]
	}
	return ""
}
