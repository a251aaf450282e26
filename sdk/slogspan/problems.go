package slogspan

import (
	"errors"
	"sync"

	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/trace"
)

var errTooLarge = errors.New("slogspan: a record does not fit into a line, even without its attributes; raise Config.LineLimit or shorten the resource")

// problems are the errors that have been reported: a service whose endpoint is wrong says so once, not at every request.
type problems struct {
	mu   sync.Mutex
	told once.Texts
}

func (p *problems) isNew(text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.told.IsNew(text)
}

// report tells Config.OnError. It may log with the same Handler: no lock is held, and the same error is not said again.
func (o *output) report(err error) {
	if o.problems.isNew(trace.Message(err)) {
		defer func() { _ = recover() }() // a report that fails has nowhere to go
		o.OnError(err)
	}
}
