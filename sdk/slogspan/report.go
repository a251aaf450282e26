package slogspan

import "errors"

var errTooLarge = errors.New("slogspan: a record does not fit into a line, even without its attributes; raise Config.LineLimit or shorten the resource")

// report passes err to Config.OnError, unless it was reported lately. So a service whose endpoint is wrong reports that once,
// not with every request. OnError may log with the same Handler: no lock is held, and the same error is not reported again.
func (o *output) report(err error) {
	if o.reported.Error(err) != nil {
		defer func() { _ = recover() }() // a panic in OnError has nowhere to go
		o.OnError(err)
	}
}
