// Package propagation carries a trace's context, and baggage, from one process to the next in HTTP headers.
//
// A program links the propagators that it names. Header names are in canonical form, as Go's header maps have them.
package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Propagator reads the context of a caller, and writes one for a callee. Its methods may be called concurrently.
type Propagator interface {
	// Extract reads a request's headers. The SpanContext is invalid where they name no span.
	Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext)
	// Inject writes into headers that nobody else has: what ctx carries, and sc. Only one that writes nothing of sc, as Baggage, may be
	// called with one that is not valid: there is no header that says so.
	Inject(ctx context.Context, h map[string][]string, sc trace.SpanContext)
	// Fields are the headers that Inject may write, which a callee must not get from elsewhere.
	Fields() []string
}

// W3C is Trace Context, https://www.w3.org/TR/trace-context-2/.
type W3C struct{}

// Extract reads traceparent and tracestate.
func (W3C) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	return ctx, trace.SpanContextFromHeaders(h["Traceparent"], h["Tracestate"])
}

// Inject writes traceparent and tracestate.
func (W3C) Inject(_ context.Context, h map[string][]string, sc trace.SpanContext) {
	h["Traceparent"] = []string{sc.Traceparent()}
	delete(h, "Tracestate")
	if !sc.TraceState.IsEmpty() {
		h["Tracestate"] = []string{sc.TraceState.String()}
	}
}

// Fields returns traceparent and tracestate.
func (W3C) Fields() []string { return []string{"Traceparent", "Tracestate"} }

// Baggage is W3C Baggage, kept in the context: see package baggage.
type Baggage struct{}

// Extract reads baggage; it names no span.
func (Baggage) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	if values := h["Baggage"]; len(values) > 0 {
		b, _ := baggage.Parse(values...)
		ctx = baggage.ContextWithBaggage(ctx, b)
	}
	return ctx, trace.SpanContext{}
}

// Inject writes the baggage that ctx carries, and removes any other.
func (Baggage) Inject(ctx context.Context, h map[string][]string, _ trace.SpanContext) {
	delete(h, "Baggage")
	if s := baggage.FromContext(ctx).String(); s != "" {
		h["Baggage"] = []string{s}
	}
}

// Fields returns baggage.
func (Baggage) Fields() []string { return []string{"Baggage"} }
