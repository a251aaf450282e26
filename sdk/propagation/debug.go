package propagation

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// debug is the debug flag of B3 or Jaeger that has come with a span.
type debug struct {
	trace trace.TraceID
	only  trace.SpanID // the only span that has the flag; zero if all spans of the trace have it
}

type debugKey struct{}

// hasDebug reports whether sc is sent with the debug flag: the caller has set the flag for the trace, and sc is sampled. ctx is
// the context that Extract has returned, or one derived from it. W3C Trace Context has no such flag and drops it.
func hasDebug(ctx context.Context, sc trace.SpanContext) bool {
	d, ok := ctx.Value(debugKey{}).(debug)
	return ok && sc.IsSampled() && d.trace == sc.TraceID && (!d.only.IsValid() || d.only == sc.SpanID)
}

// WithoutDebug returns a context in which children of parent do not have the debug flag that parent may have. Use it for
// callers that are not trusted to decide on sampling. parent itself keeps the flag, if it is passed on unchanged.
func WithoutDebug(ctx context.Context, parent trace.SpanContext) context.Context {
	d, ok := ctx.Value(debugKey{}).(debug) // not hasDebug: a child can be sampled although the parent is not
	if !ok || d.only.IsValid() {
		return ctx
	}
	if d.only = parent.SpanID; !d.only.IsValid() {
		d = debug{} // the flag of no trace
	}
	return context.WithValue(ctx, debugKey{}, d)
}
