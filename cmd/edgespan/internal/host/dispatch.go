package host

import (
	"context"
	"slices"
	"sync"
	"time"
)

// dispatcher decides which sandbox serves a request: one that waits for another request; or else a new one; or else, at the limit
// of sandboxes, the first that becomes free.
type dispatcher struct {
	mu       sync.Mutex
	running  int
	queue    []*exchange
	promises []*promise // the newest is served first, because its sandbox is the warmest
	draining bool
	idleCh   chan struct{} // closed when the last sandbox has ended, while draining
}

// promise is a sandbox's request for another client request.
type promise struct {
	done chan struct{} // closed when ex is set, or will never be
	ex   *exchange     // guarded by the dispatcher's lock until done is closed
}

// maxPromises is how many sandboxes may wait, and maxNextWait for how long.
const (
	maxPromises = 5
	maxNextWait = 10 * time.Second
)

// dispatch gives the exchange to a sandbox, now or later. It returns false if too many are waiting already.
func (h *Host) dispatch(ex *exchange) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := len(h.promises); n > 0 {
		p := h.promises[n-1]
		h.promises = h.promises[:n-1]
		p.ex = ex
		close(p.done)
		return true
	}
	if h.running < h.cfg.MaxSandboxes {
		h.running++
		go h.work(ex)
		return true
	}
	if len(h.queue) >= maxQueued {
		return false
	}
	h.queue = append(h.queue, ex)
	time.AfterFunc(longWait, func() { h.sayWaiting(ex) })
	return true
}

// longWait is how long a request waits for a sandbox before the host says so.
const longWait = 500 * time.Millisecond

// sayWaiting prints a notice, once, that a request has been waiting for long.
func (h *Host) sayWaiting(ex *exchange) {
	h.mu.Lock()
	waits, queued := slices.Contains(h.queue, ex), len(h.queue)
	h.mu.Unlock()
	if waits {
		h.once("queue", "%s %s (request %d) waits for a sandbox: all %d are busy, and %d requests are waiting. Allow more with --max-sandboxes",
			ex.r.Method, ex.r.URL.EscapedPath(), ex.id, h.cfg.MaxSandboxes, queued)
	}
}

// work serves the exchange, and then exchanges that wait for a sandbox.
func (h *Host) work(ex *exchange) {
	for ex != nil {
		h.run(ex)
		h.mu.Lock()
		ex = nil
		if len(h.queue) > 0 {
			ex, h.queue = h.queue[0], h.queue[1:]
		} else {
			h.running--
			if h.running == 0 && h.idleCh != nil {
				close(h.idleCh)
				h.idleCh = nil
			}
		}
		h.mu.Unlock()
	}
}

// promise registers that a sandbox wants another request within a time. If it cannot get one, the promise is over at once.
func (h *Host) promise(timeout time.Duration, allowed bool) *promise {
	p := &promise{done: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case !allowed || h.draining:
		close(p.done)
	case len(h.queue) > 0:
		p.ex, h.queue = h.queue[0], h.queue[1:]
		close(p.done)
	case len(h.promises) >= maxPromises:
		close(p.done)
	default:
		h.promises = append(h.promises, p)
		time.AfterFunc(timeout, func() { h.forget(p) })
	}
	return p
}

// wait returns the promised request, or nil after the timeout.
func (h *Host) wait(ctx context.Context, p *promise) *exchange {
	select {
	case <-p.done:
	case <-ctx.Done():
		h.forget(p)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	ex := p.ex
	p.ex = nil
	return ex
}

// forget removes the promise. A request that arrived at the last moment stays with it.
func (h *Host) forget(p *promise) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := slices.Index(h.promises, p); i >= 0 {
		h.promises = slices.Delete(h.promises, i, i+1)
		close(p.done)
	}
}

// withdraw removes the promise, and dispatches a request that arrived at the last moment to another sandbox.
func (h *Host) withdraw(p *promise) {
	h.forget(p)
	h.mu.Lock()
	ex := p.ex
	p.ex = nil
	h.mu.Unlock()
	if ex != nil && !h.dispatch(ex) {
		ex.say(answer{crash: "too many requests are waiting for a sandbox"})
	}
}

// Drain ends sandboxes that wait for another request, and returns when no sandbox runs or the context ends. No new requests may
// arrive meanwhile.
func (h *Host) Drain(ctx context.Context) error {
	h.mu.Lock()
	h.draining = true
	for _, p := range h.promises {
		close(p.done)
	}
	h.promises = nil
	idle := make(chan struct{})
	if h.running == 0 {
		close(idle)
	} else {
		h.idleCh = idle
	}
	h.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
