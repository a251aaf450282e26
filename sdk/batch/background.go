package batch

import (
	"context"
	"time"
)

// run sends in the background until nothing is held.
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
			case <-p.kick:
				timer.Stop()
			}
		}
	}
}

// sendDue sends when it is this goroutine's turn, unless whoever had it before has learnt that the receiver wants to be left
// alone, or was Shutdown. It returns what next does.
func (p *Processor) sendDue() (wait time.Duration, more bool) {
	p.sending <- struct{}{}
	var err error
	if wait, more = p.next(); more && wait <= 0 {
		_, err = p.round(context.Background(), p.held())
	}
	p.pass()
	p.tell(p.told.Error(err))
	return wait, more
}

// next returns how long to wait before the next flush, and false where there is none to come.
func (p *Processor) next() (wait time.Duration, more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.items) == 0 || p.closed {
		p.running = false
		return 0, false
	}
	return p.wait(time.Now()), true
}

// wake makes the goroutine look again.
func (p *Processor) wake() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}
