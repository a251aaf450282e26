package batch

import (
	"context"
	"time"
)

// Shutdown sends what is held for a last time, each line once. Where the receiver has asked to be left alone, it waits for that as
// long as ctx allows, and for [Config.Timeout] at most where ctx has no deadline; if that is too short it tries at once, unless
// the [Store] has everything. What is left is left to the Store, or dropped where there is none, and so is what comes later.
// Further calls wait for the first and return what it returns.
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
	defer p.pass()
	for rest := p.held(); len(rest) > 0; {
		if !p.waitForReceiver(ctx, deadline) {
			return either(err, errNotYet)
		}
		n := len(rest)
		var failed error
		rest, failed = p.round(ctx, rest)
		err = either(err, failed)
		if len(rest) == n { // it has tried none
			break
		}
	}
	p.settled(ctx, p.config.Timeout)
	return err
}

// waitForReceiver waits for the time that the receiver has named, where there is enough until the deadline, and reports whether to try.
func (p *Processor) waitForReceiver(ctx context.Context, deadline time.Time) bool {
	wait := p.receiverWants()
	switch {
	case wait <= 0:
	case wait < time.Until(deadline)/10*9: // some is for sending
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
