//go:build !edgespan_noerrors

package browser

import (
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"errors", (*agent).traceErrors}) }

// traceErrors makes a span for each error that the page does not catch.
func (a *agent) traceErrors() {
	a.page.Call("onError", function(func(args []js.Value) any { // type, message, stack
		kind := args[0].String()
		attrs := []trace.Attribute{trace.String("exception.type", kind), trace.String("exception.message", args[1].String())}
		if stack := args[2].String(); stack != "" {
			attrs = append(attrs, trace.String("exception.stacktrace", stack))
		}
		_, span := a.start(a.frames.active(), "uncaught error", trace.StartConfig{Attributes: []trace.Attribute{a.pageURL(), trace.String("error.type", kind)}})
		span.AddEvent(trace.ExceptionEvent, attrs...)
		span.SetStatus(trace.StatusError, "")
		span.End()
		return nil
	}))
}
