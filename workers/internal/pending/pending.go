// Package pending counts the unfinished work of the program, so that Serve does not end the program before the work is done.
package pending

import "sync"

// Counter counts unfinished work. Wait waits until it is zero.
type Counter struct {
	mu   sync.Mutex
	n    int
	zero chan struct{} // closed when n becomes 0; nil if nobody waits
}

// Handlers counts requests that the middleware has not finished, Tasks the handlers' own tasks of WaitUntil, and Exports the
// traces that are being sent.
var Handlers, Tasks, Exports Counter

// Add adds d, which may be negative.
func (c *Counter) Add(d int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += d
	if c.n == 0 && c.zero != nil {
		close(c.zero)
		c.zero = nil
	}
}

// Wait returns when the count is zero.
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
