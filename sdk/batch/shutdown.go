package batch

import (
	"context"
	"time"
)

// Shutdown sends what is held for the last time, and tries each line once. If the receiver has asked for a pause, Shutdown
// waits for its end as long as ctx allows, or for at most [Config.Timeout] if ctx has no deadline. If the pause ends too late,
// Shutdown tries at once, unless the [Store] has every line. Lines that are not sent stay in the Store, or are dropped if there
// is none. Traces that are exported after Shutdown are dropped.
//
// Shutdown returns the first error of sending. Further calls wait for the first and return the same.
func (p *Processor) Shutdown(ctx context.Context) error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	p.mu.Unlock()
	if !first {
		select {
		case <-p.ended:
			return p.shutdownErr
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	p.shutdownErr = detached(ctx, func() error { return p.sendLast(ctx) })
	p.mu.Lock()
	p.shutdownDone = true
	if !p.inFlight {
		p.abandon()
	}
	p.mu.Unlock()
	close(p.ended)
	return p.shutdownErr
}

func (p *Processor) sendLast(ctx context.Context) (err error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(p.config.Timeout)
	}
	if err := p.turn(ctx); err != nil {
		return err
	}
	defer p.endTurn()
	for rest := p.held(); len(rest) > 0; {
		if !p.waitForReceiver(ctx, deadline) {
			return either(err, errNotYet)
		}
		n := len(rest)
		var failed error
		rest, failed = p.round(ctx, rest)
		err = either(err, failed)
		if len(rest) == n { // none of them was tried
			break
		}
	}
	p.awaitStore(ctx, p.config.Timeout)
	return err
}

// waitForReceiver waits until the pause is over that the receiver has asked for, if that leaves time before the deadline. It
// reports whether to send.
func (p *Processor) waitForReceiver(ctx context.Context, deadline time.Time) bool {
	wait := p.receiverWants()
	switch {
	case wait <= 0:
	case wait < time.Until(deadline)/10*9: // the rest of the time is for sending
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	default:
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, it := range p.items {
			if !it.stored {
				return true
			}
		}
		return false
	}
	return true
}
