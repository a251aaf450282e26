// Package pending counts what is under way in the program, so that it does not end before.
package pending

import "sync"

// Counter counts what is under way, and lets others wait for the end of it.
type Counter struct {
	mu   sync.Mutex
	n    int
	zero chan struct{} // closed when n comes to 0; nil where nobody waits
}

// Handlers are the requests that the middleware has not finished, Tasks the handlers' own tasks of waitUntil, Exports the traces that
// are being sent.
var Handlers, Tasks, Exports Counter

// Add adds to the count.
func (c *Counter) Add(d int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += d
	if c.n == 0 && c.zero != nil {
		close(c.zero)
		c.zero = nil
	}
}

// Wait returns when nothing is under way.
func (c *Counter) Wait() {
	c.mu.Lock()
	if c.n == 0 {
		c.mu.Unlock()
		return
	}
	if c.zero == nil {
		c.zero = make(chan struct{})
	}
	zero := c.zero
	c.mu.Unlock()
	<-zero
}
