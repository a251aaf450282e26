package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/trace"
)

// B3 is Zipkin's, https://github.com/openzipkin/b3-propagation. It reads the single header, and the several where that is
// missing or malformed. It writes the single one, or the several where Multi is set.
type B3 struct{ Multi bool }

// Extract reads b3 or X-B3-*. Headers without ids name no span, and what they say of sampling alone, such as "b3: 0", is not
// followed. A sampling state that is missing or unknown is deferred: see [SamplingDeferred]. The debug flag goes on with
// the context, to all sampled spans of the trace: see [WithoutDebug].
func (B3) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	sc, sampled, ok := parseB3(one(h, "B3"))
	if !ok {
		switch sampled = one(h, "X-B3-Sampled"); {
		case one(h, "X-B3-Flags") == "1":
			sampled = "d"
		case sampled == "d": // which is the single header's word alone
			sampled = ""
		}
		if sc, ok = ids(one(h, "X-B3-Traceid"), one(h, "X-B3-Spanid")); !ok {
			return ctx, trace.SpanContext{}
		}
	}
	switch sampled {
	case "d":
		ctx = context.WithValue(ctx, debugKey{}, debug{trace: sc.TraceID})
		sc.TraceFlags = trace.FlagSampled
	case "1", "true":
		sc.TraceFlags = trace.FlagSampled
	case "0", "false":
	default:
		ctx = withDeferred(ctx, sc, true)
	}
	return ctx, sc
}

type deferredKey struct{}

// SamplingDeferred reports whether the sender of sc has left it to us whether the trace is sampled, as [B3] without a sampling state
// does. ctx is what Extract has returned with sc, or derived from it. W3C Trace Context always decides.
func SamplingDeferred(ctx context.Context, sc trace.SpanContext) bool {
	of, ok := ctx.Value(deferredKey{}).(trace.SpanID)
	return ok && of.IsValid() && of == sc.SpanID
}

func withDeferred(ctx context.Context, sc trace.SpanContext, deferred bool) context.Context {
	if !deferred {
		sc.SpanID = trace.SpanID{} // hides another's word
	}
	return context.WithValue(ctx, deferredKey{}, sc.SpanID)
}

// Inject writes b3, or X-B3-TraceId, X-B3-SpanId and X-B3-Sampled, which is left out of what is passed on as it came and has
// come without. With the debug flag, X-B3-Flags takes its place.
func (b B3) Inject(ctx context.Context, h map[string][]string, sc trace.SpanContext) {
	for _, name := range b.Fields() {
		delete(h, name)
	}
	sampled := "0"
	switch {
	case hasDebug(ctx, sc):
		sampled = "d"
	case sc.IsSampled():
		sampled = "1"
	case SamplingDeferred(ctx, sc):
		sampled = ""
	}
	traceID, spanID := sc.TraceID.String(), sc.SpanID.String()
	if b.Multi {
		h["X-B3-Traceid"], h["X-B3-Spanid"] = []string{traceID}, []string{spanID}
		switch sampled {
		case "":
		case "d": // which says sampled as well
			h["X-B3-Flags"] = []string{"1"}
		default:
			h["X-B3-Sampled"] = []string{sampled}
		}
		return
	}
	if sampled != "" {
		sampled = "-" + sampled
	}
	h["B3"] = []string{traceID + "-" + spanID + sampled}
}

// Fields returns the headers of both kinds.
func (B3) Fields() []string {
	return []string{"B3", "X-B3-Traceid", "X-B3-Spanid", "X-B3-Parentspanid", "X-B3-Sampled", "X-B3-Flags"}
}

// parseB3 reads {TraceId}-{SpanId}[-{SamplingState}[-{ParentSpanId}]].
func parseB3(s string) (sc trace.SpanContext, sampled string, ok bool) {
	n := 32 // of the trace id
	if len(s) > 16 && s[16] == '-' {
		n = 16
	}
	if len(s) < n+17 || s[n] != '-' {
		return sc, "", false
	}
	switch rest := s[n+17:]; {
	case rest == "":
	case len(rest) == 2 || len(rest) == 19 && rest[2] == '-' && hex.Decode(make([]byte, 8), rest[3:]):
		if sampled = rest[1:2]; rest[0] != '-' || sampled != "0" && sampled != "1" && sampled != "d" {
			return sc, "", false
		}
	default:
		return sc, "", false
	}
	sc, ok = ids(s[:n], s[n+1:n+17])
	return sc, sampled, ok
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
