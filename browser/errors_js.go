//go:build !edgespan_noerrors

package browser

import (
	"syscall/js"

	"github.com/edgespan/edgespan/sdk/trace"
)

func init() { features = append(features, feature{"errors", (*agent).traceErrors}) }

// traceErrors makes a span of each error that nobody catches.
func (a *agent) traceErrors() {
	a.listen(a.global, "error", func(event js.Value) {
		if event.Get("message").Type() == js.TypeString { // else it is a resource that could not be loaded
			a.uncaught(event.Get("error"), event.Get("message").String())
		}
	})
	a.listen(a.global, "unhandledrejection", func(event js.Value) { a.uncaught(event.Get("reason"), "unhandled rejection") })
}

func (a *agent) uncaught(err js.Value, message string) {
	attrs := []trace.Attribute{trace.String("exception.type", "Error"), trace.String("exception.message", message)}
	if err.Type() == js.TypeObject {
		for _, field := range [][2]string{{"type", "name"}, {"message", "message"}, {"stacktrace", "stack"}} {
			if v := err.Get(field[1]); v.Type() == js.TypeString {
				attrs = append(attrs, trace.String("exception."+field[0], v.String()))
			}
		}
	} else if err.Type() == js.TypeString {
		attrs = append(attrs, trace.String("exception.message", err.String()))
	}
	_, span := a.tp.Start(a.active, "uncaught error", trace.StartConfig{Attributes: []trace.Attribute{a.pageURL()}})
	span.AddEvent(trace.ExceptionEvent, attrs...)
	span.SetStatus(trace.StatusError, "")
	span.End()
}
