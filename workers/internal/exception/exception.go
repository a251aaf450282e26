// Package exception records why a handler did not return.
package exception

import (
	"runtime"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// maxStack is the maximum size of a recorded stack trace, in bytes: half of a line on the console.
const maxStack = 8 << 10

// Record adds an exception event for a recovered value, and returns the values of error.type and of the status's message. A nil
// value means runtime.Goexit. Call it in the deferred function that recovered, where the stack is still that of the panic.
func Record(span *trace.Span, v any, stack bool) (kind, message string) {
	if v == nil {
		return "goexit", "the handler ended its goroutine"
	}
	kind, message = fault.TypeName(v), fault.Message(v)
	attrs := []trace.Attribute{trace.String("exception.type", kind), trace.String("exception.message", message)}
	if stack {
		text := make([]byte, maxStack)
		attrs = append(attrs, trace.String("exception.stacktrace", string(text[:runtime.Stack(text, false)])))
	}
	span.AddEvent(trace.ExceptionEvent, attrs...)
	return kind, message
}
