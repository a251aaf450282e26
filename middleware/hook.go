package middleware

// moment is a point during a request at which functions of a Config are called. It is an alias, because a type of its own would
// be linked into every service.
type moment = int

const (
	arriving  moment = iota // the request has arrived; the only moment that requests that are not traced have too
	starting                // the span is about to start
	recording               // the span has started, and is recorded
	answering               // the headers of the response are about to be sent
	ending                  // the span is recorded and about to end
	over                    // the span has ended
)

// hooks is what an exchange knows of a Config. Four interfaces separate a Config from the code that every service links. Each
// keeps code out of services that do not use it:
//
//   - Option, implemented by Config, keeps out everything that a Config can do, if New gets no Config.
//   - hooks, implemented by *configured, does the same for what New returns.
//   - sendHooks, also implemented by *configured, keeps out fsthttp's Response, if Send is not called.
//   - Propagation, implemented by Propagate, keeps out baggage and all formats except W3C's, if a Config has none.
type hooks interface {
	at(x *exchange, now moment)
}

// at calls the functions that the Config has for a moment, if there is a Config.
//
//go:noinline
func (x *exchange) at(now moment) {
	if x.m.hooks != nil {
		x.m.hooks.at(x, now)
	}
}
