package batch

import (
	"context"
	"time"
)

// Flush sends what is held with [Sink.Send]. It returns when that is done or ctx is done. After an error, lines that were not
// sent are still held, unless their attempts are used up. So are lines that the [Sink] has not tried: otlphttp.Exporter makes
// no further request after one that has to be tried again. If ctx ends, that does not count as a failure of the receiver, and
// uses up no attempt.
func (p *Processor) Flush(ctx context.Context) error {
	if p == nil {
		return nil
	}
	return detached(ctx, func() error {
		if err := p.turn(ctx); err != nil {
			return err
		}
		defer p.endTurn()
		if p.isShutDown() {
			return nil
		}
		if p.receiverWants() > 0 {
			return errNotYet
		}
		for {
			loaded := p.Stats().Loaded
			_, err := p.round(ctx, p.held())
			p.awaitStore(ctx, p.config.Timeout)
			if err != nil || p.Stats().Loaded == loaded { // the Store has loaded no further lines
				return err
			}
		}
	})
}

// FlushDue sends what is held if Export would send it in [Inline] mode: if there are enough spans, or if they are old enough.
// In other modes it does nothing. It is for code that runs after requests that make no trace, such as middleware.ServeMany.
func (p *Processor) FlushDue(ctx context.Context) error {
	if p == nil || p.config.Mode != Inline || !p.due() {
		return nil
	}
	return p.inline(ctx)
}

// grace is the time that a Sink has to return after its context is done.
const grace = 100 * time.Millisecond

// inline sends for Export, unless another goroutine is sending. ctx may be the context of a request that is over. inline
// returns an error if it should be reported.
func (p *Processor) inline(ctx context.Context) error {
	select {
	case p.sending <- struct{}{}:
	default:
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	limited, cancel := context.WithTimeout(ctx, p.config.Timeout+grace)
	defer cancel()
	return p.sendErrors.Error(detached(limited, func() error {
		defer p.endTurn()
		_, err := p.round(ctx, p.held())
		p.awaitStore(limited, patience)
		return err
	}))
}

// detached runs f in a goroutine of its own, and returns when f returns or ctx is done. If f ignores its context, it occupies
// that goroutine and not the caller.
func detached(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn waits until no other goroutine is sending. endTurn ends the turn.
func (p *Processor) turn(ctx context.Context) error {
	select {
	case p.sending <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Processor) endTurn() { <-p.sending }

// isShutDown reports whether Shutdown has returned. What is left after that belongs to the Store, and is sent by the next processor
// that opens it.
func (p *Processor) isShutDown() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shutdownDone
}

// receiverWants returns how long the pause that the receiver has asked for still lasts, or 0 if nothing is held.
func (p *Processor) receiverWants() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.items) == 0 {
		return 0
	}
	return time.Until(p.receiverNotBefore)
}

func (p *Processor) held() []*item {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.toSend()
}
