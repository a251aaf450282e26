// Package exception records what has ended a handler that did not return.
package exception

import (
	"runtime"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// maxStack is how much of a panicking goroutine's stack is recorded: half of a line on the console.
const maxStack = 8 << 10

// Record adds an exception event for a recovered value, and returns what error.type and the status say. A nil value is that of
// runtime.Goexit. It is called by the deferred function that has recovered, whose stack is still the panic's.
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
