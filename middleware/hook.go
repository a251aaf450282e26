package middleware

import (
	"errors"

	"github.com/edgespan/edgespan/sdk/trace"
)

// moment is a point in the way of a request at which functions of a Config may hang. It is no type of its own, which would be in
// every service.
type moment = int

const (
	arriving  moment = iota // traced or not
	starting                // the span is about to start
	recording               // the span has started, and is recorded
	answering               // the headers of the response are about to go out
	ending                  // the span is recorded, and about to end
	over                    // the span has ended
	moments
)

// at calls what hangs there.
//
//go:noinline
func (x *exchange) at(now moment) {
	if x.m.hook != nil {
		x.m.hook(x, now)
	}
}

// hooks are what hangs at each moment, called by the goroutine that serves the request.
type hooks [moments][]func(x *exchange)

func (h *hooks) call(x *exchange, now moment) {
	for _, f := range h[now] {
		f(x)
	}
}

// guarded returns f for calls that nothing can go wrong in: a panic is reported, and the request goes on as if f were not there.
func guarded[T any](tp *trace.TracerProvider, name string, f func(T)) func(T) {
	return func(about T) {
		defer func() {
			if v := recover(); v != nil {
				tp.ReportError(errors.New("middleware: panic in Config." + name + ": " + trace.Message(v)))
			}
		}()
		f(about)
	}
}
