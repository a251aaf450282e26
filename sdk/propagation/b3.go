package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/edgespan/edgespan/sdk/trace"
)

// B3 is the format of Zipkin, https://github.com/openzipkin/b3-propagation. Extract reads the single header b3, or the X-B3
// headers if b3 is missing or malformed. Inject writes the single header, or the X-B3 headers if Multi is set.
type B3 struct{ Multi bool }

// Extract reads b3 or X-B3-*. Headers without ids name no span. If they have only a sampling state, such as "b3: 0", it is
// ignored. A sampling state that is missing or unknown is deferred, see [SamplingDeferred]. The debug flag is kept in the
// context, for all sampled spans of the trace, see [WithoutDebug].
func (B3) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	sc, sampled, ok := parseB3(one(h, "B3"))
	if !ok {
		switch sampled = one(h, "X-B3-Sampled"); {
		case one(h, "X-B3-Flags") == "1":
			sampled = "d"
		case sampled == "d": // only the single header can have "d"
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
	case "1", "true", "True", "TRUE": // words are of old senders, such as Python's str(True)
		sc.TraceFlags = trace.FlagSampled
	case "0", "false", "False", "FALSE":
	default:
		ctx = withDeferred(ctx, sc, true)
	}
	return ctx, sc
}

type deferredKey struct{}

// SamplingDeferred reports whether the sender of sc has left the sampling decision to the receiver, as [B3] and [XRay] headers
// without a sampling state do. ctx is the context that Extract has returned with sc, or one derived from it. W3C Trace Context
// always has a decision.
func SamplingDeferred(ctx context.Context, sc trace.SpanContext) bool {
	of, ok := ctx.Value(deferredKey{}).(trace.SpanID)
	return ok && of.IsValid() && of == sc.SpanID
}

func withDeferred(ctx context.Context, sc trace.SpanContext, deferred bool) context.Context {
	if !deferred {
		sc.SpanID = trace.SpanID{} // hides what another propagator has said
	}
	return context.WithValue(ctx, deferredKey{}, sc.SpanID)
}

// Inject writes b3, or X-B3-TraceId, X-B3-SpanId and X-B3-Sampled. If sc is passed on unchanged and came without a sampling
// state, it is written without one. If sc has the debug flag, X-B3-Flags replaces X-B3-Sampled.
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
		case "d": // debug implies sampled
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

// Fields returns the names of the single header and of the X-B3 headers.
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

// ids reads a trace id of 64 or 128 bits, and a span id.
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

// one returns the value of a header that occurs exactly once.
func one(h map[string][]string, name string) string {
	if values := h[name]; len(values) == 1 {
		return values[0]
	}
	return ""
}
