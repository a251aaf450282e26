package batch

import (
	"context"
	"time"
)

// run is the goroutine of Background mode. It sends until nothing is held.
func (p *Processor) run() {
	for {
		wait, more := p.next()
		if more && wait <= 0 {
			wait, more = p.sendDue()
		}
		if !more {
			return
		}
		if wait > 0 {
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-p.wakeup:
				timer.Stop()
			}
		}
	}
}

// sendDue waits for the turn to send, and then sends if that is still due. Meanwhile another goroutine may have learnt that the
// receiver wants a pause, or Shutdown may have been called. The results are those of next.
func (p *Processor) sendDue() (wait time.Duration, more bool) {
	p.sending <- struct{}{}
	var err error
	if wait, more = p.next(); more && wait <= 0 {
		_, err = p.round(context.Background(), p.held())
	}
	p.endTurn()
	p.report(p.sendErrors.Error(err))
	return wait, more
}

// next returns how long to wait before sending, and false if there is nothing to send.
func (p *Processor) next() (wait time.Duration, more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.items) == 0 || p.closed {
		p.running = false
		return 0, false
	}
	return p.wait(time.Now()), true
}

// wake makes the goroutine call next again.
func (p *Processor) wake() {
	select {
	case p.wakeup <- struct{}{}:
	default:
	}
}
