package middleware

import (
	"errors"

	"github.com/edgespan/edgespan/sdk/trace"
)

// moment is a point in the way of a request at which functions of a Config may hang.
type moment int

const (
	arriving  moment = iota // traced or not
	starting                // the span is about to start
	recording               // the span has started, and is recorded
	answering               // the headers of the response are about to go out
	ending                  // the span is recorded, and about to end
	over                    // the span has ended
	moments
)

// hang has the goroutine that serves a request call f at that moment.
func (m *middleware) hang(at moment, name string, f func(x *exchange)) {
	m.hooks[at] = append(m.hooks[at], guarded(m, name, f))
}

// at calls what hangs there.
//
//go:noinline
func (x *exchange) at(now moment) {
	for _, f := range x.m.hooks[now] {
		f(x)
	}
}

// guarded returns f for calls that nothing can go wrong in: a panic is reported, and the request goes on as if f were not there.
func guarded[T any](m *middleware, name string, f func(T)) func(T) {
	return func(about T) {
		defer func() {
			if v := recover(); v != nil {
				m.tp.ReportError(errors.New("middleware: panic in Config." + name + ": " + trace.Message(v)))
			}
		}()
		f(about)
	}
}
