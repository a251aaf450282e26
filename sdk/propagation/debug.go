package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// debug is the flag of that name that B3 and Jaeger have, which has come with a span.
type debug struct {
	trace trace.TraceID
	only  trace.SpanID // that span; zero for all spans of the trace
}

type debugKey struct{}

// hasDebug reports whether sc is sent with the debug flag: whoever has called has set it for the trace, and sc is sampled. ctx is what
// Extract has returned, or derived from it. W3C Trace Context has no such flag, and leaves it behind.
func hasDebug(ctx context.Context, sc trace.SpanContext) bool {
	d, ok := ctx.Value(debugKey{}).(debug)
	return ok && sc.IsSampled() && d.trace == sc.TraceID && (!d.only.IsValid() || d.only == sc.SpanID)
}

// WithoutDebug returns a context in which the debug flag that may have come with parent is no child's: for callers who are not
// trusted with sampling. parent itself has it still, where it is passed on as it came.
func WithoutDebug(ctx context.Context, parent trace.SpanContext) context.Context {
	d, ok := ctx.Value(debugKey{}).(debug) // not hasDebug, for the parent may not be sampled, and a child be
	if !ok || d.only.IsValid() {
		return ctx
	}
	if d.only = parent.SpanID; !d.only.IsValid() {
		d = debug{} // of no trace
	}
	return context.WithValue(ctx, debugKey{}, d)
}
