package middleware

// moment is a point in the way of a request at which functions of a Config are called. It is no type of its own, which would be in
// every service.
type moment = int

const (
	arriving  moment = iota // traced or not; the others are of requests that are traced
	starting                // the span is about to start
	recording               // the span has started, and is recorded
	answering               // the headers of the response are about to go out
	ending                  // the span is recorded, and about to end
	over                    // the span has ended
)

// hooks is a Config at work. Between a Config and what every service links stand four interfaces, each for what it keeps out of the services
// that do not ask for it:
//
//   - Option is Config: all that it can do, of those that pass none to New.
//   - hooks is *configured: its calls, of the same, for the exchange knows no other name of it.
//   - sendHooks is *configured too: what leads to a Response, of those that do not call Send.
//   - Propagation is Propagate: its propagators and baggage, of those whose Config has none.
type hooks interface {
	at(x *exchange, now moment)
}

// at calls what the Config has for a moment, if there is one.
//
//go:noinline
func (x *exchange) at(now moment) {
	if x.m.hooks != nil {
		x.m.hooks.at(x, now)
	}
}
