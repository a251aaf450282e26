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

// hooks is a Config at work, by the only name that an exchange knows it by. Four interfaces stand between a Config and what every service
// links, and each keeps something out of the services that have no use for it:
//
//   - Option, which is Config: all that one can do, where New is given none.
//   - hooks, which is *configured: the same, for it is what New keeps.
//   - sendHooks, which is *configured too: fsthttp's Response, where Send is not called.
//   - Propagation, which is Propagate: baggage and all formats but W3C's, where a Config has none.
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
