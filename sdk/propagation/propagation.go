// Package propagation carries a trace's context, and baggage, from one process to the next in HTTP headers.
//
//	p := propagation.Composite{propagation.W3C{}, propagation.Baggage{}}
//	ctx, parent := p.Extract(ctx, request.Header) // from the caller
//	p.Inject(ctx, outgoing.Header, span.SpanContext()) // to a callee
//
// In a Compute service, middleware.Config.Propagation does this. A program links only the propagators that it names. The names
// of headers are in canonical form, as in Go's header maps.
package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Propagator reads the context of a caller, and writes it for a callee. Its methods may be called from several goroutines at
// the same time.
type Propagator interface {
	// Extract reads the headers of a request. It returns ctx with what the headers add to it. The SpanContext is invalid if the
	// headers name no span.
	Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext)
	// Inject writes sc, and what ctx carries, into h, which must not be used by other goroutines. sc must be valid, because no
	// header can express an invalid one. Only propagators that write nothing of sc, such as [Baggage], accept an invalid sc.
	Inject(ctx context.Context, h map[string][]string, sc trace.SpanContext)
	// Fields returns the headers that Inject may write. A callee must not get these from elsewhere, such as from the client.
	Fields() []string
}

// W3C is W3C Trace Context, https://www.w3.org/TR/trace-context-2/.
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

// Baggage is W3C Baggage, https://www.w3.org/TR/baggage/. It is kept in the context, see package baggage.
type Baggage struct{}

// Extract reads the header baggage into the context. It names no span.
func (Baggage) Extract(ctx context.Context, h map[string][]string) (context.Context, trace.SpanContext) {
	if values := h["Baggage"]; len(values) > 0 {
		b, _ := baggage.Parse(values...)
		ctx = baggage.ContextWithBaggage(ctx, b)
	}
	return ctx, trace.SpanContext{}
}

// Inject writes the baggage that ctx carries. It replaces a baggage header that h has.
func (Baggage) Inject(ctx context.Context, h map[string][]string, _ trace.SpanContext) {
	delete(h, "Baggage")
	if s := baggage.FromContext(ctx).String(); s != "" {
		h["Baggage"] = []string{s}
	}
}

// Fields returns the name of the header, baggage.
func (Baggage) Fields() []string { return []string{"Baggage"} }
