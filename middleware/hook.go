package middleware

// moment is a point in the way of a request at which functions of a Config are called. It is no type of its own, which would be in
// every service.
type moment = int

const (
	arriving  moment = iota // traced or not
	starting                // the span is about to start
	recording               // the span has started, and is recorded
	answering               // the headers of the response are about to go out
	ending                  // the span is recorded, and about to end
	over                    // the span has ended
)

// hooks is a Config, behind an interface so that who gives none links none of it.
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
