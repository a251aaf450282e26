package batch

import (
	"context"
	"time"
)

// Flush gives what is held to [Sink.Send], and returns when that has returned or ctx is done. After an error, what could not be sent
// is still held, unless its attempts are used up; and so is what the [Sink] has not tried: otlphttp.Exporter makes no further request
// after one that has to be tried again. The end of ctx is no failure of the receiver's, and uses up no attempt.
func (p *Processor) Flush(ctx context.Context) error {
	if p == nil {
		return nil
	}
	return detached(ctx, func() error {
		if err := p.turn(ctx); err != nil {
			return err
		}
		defer p.pass()
		if p.over() {
			return nil
		}
		if p.receiverWants() > 0 {
			return errNotYet
		}
		for {
			loaded := p.Stats().Loaded
			_, err := p.round(ctx, p.held())
			p.settled(ctx, p.config.Timeout)
			if err != nil || p.Stats().Loaded == loaded { // nothing has come from the Store in its place
				return err
			}
		}
	})
}

// FlushDue sends what is held if Export would in [Inline] mode: when there are enough spans, or when they are old. Elsewhere it
// does nothing. It is for what runs after requests that make no trace, such as middleware.ServeMany.
func (p *Processor) FlushDue(ctx context.Context) error {
	if p == nil || p.config.Mode != Inline || !p.due() {
		return nil
	}
	return p.inline(ctx)
}

// grace is for a Sink to return in when its time is over.
const grace = 100 * time.Millisecond

// inline sends for Export, unless somebody else does already. ctx may be that of a request that is over. It returns what is
// to be told.
func (p *Processor) inline(ctx context.Context) error {
	select {
	case p.sending <- struct{}{}:
	default:
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	limited, cancel := context.WithTimeout(ctx, p.config.Timeout+grace)
	defer cancel()
	return p.told.Error(detached(limited, func() error {
		defer p.pass()
		_, err := p.round(ctx, p.held())
		p.settled(limited, patience)
		return err
	}))
}

// detached runs f in a goroutine of its own, and returns when it does or ctx is done: what does not look at its context keeps
// that goroutine, not the caller.
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

// turn waits until nobody else sends.
func (p *Processor) turn(ctx context.Context) error {
	select {
	case p.sending <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Processor) pass() { <-p.sending }

// over reports whether Shutdown has returned: what is left is the Store's, and whoever opens that sends it.
func (p *Processor) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shutdownDone
}

// receiverWants returns for how long the receiver still wants to be left alone, if there is anything for it.
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
