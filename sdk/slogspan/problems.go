package slogspan

import (
	"errors"
	"slices"
	"sync"
)

var errTooLarge = errors.New("slogspan: a record does not fit into a line, even without its attributes; raise Config.LineLimit or shorten the resource")

// problems remembers which errors have been reported: a service whose endpoint is wrong says so once, not at every request.
type problems struct {
	mu   sync.Mutex
	said [8]string // the last ones
	told int       // how many were
}

// isNew reports whether the text is not among the last ones, and remembers it.
func (p *problems) isNew(text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.Contains(p.said[:], text) {
		return false
	}
	p.said[p.told%len(p.said)] = text
	p.told++
	return true
}

// report tells Config.OnError. It may log with the same Handler: no lock is held, and the same error is not said again.
func (o *output) report(err error) {
	if o.problems.isNew(err.Error()) {
		defer func() { _ = recover() }() // a report that fails has nowhere to go
		o.OnError(err)
	}
}
