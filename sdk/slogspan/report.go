package slogspan

import "errors"

var errTooLarge = errors.New("slogspan: a record does not fit into a line, even without its attributes; raise Config.LineLimit or shorten the resource")

// report tells Config.OnError, unless it knows: a service whose endpoint is wrong says so once, not at every request. OnError may log
// with the same Handler: no lock is held, and the same error is not said again.
func (o *output) report(err error) {
	if o.told.Error(err) != nil {
		defer func() { _ = recover() }() // a report that fails has nowhere to go
		o.OnError(err)
	}
}
