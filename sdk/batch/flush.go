package batch

import (
	"context"
	"math/rand/v2"
	"time"
)

// Flush sends what is held, and returns when that is tried or ctx is done. After an error, what could not be sent is still
// held, unless its attempts are used up.
func (p *Processor) Flush(ctx context.Context) error {
	if p == nil || p.config.Sink == nil {
		return nil
	}
	if p.config.Mode != Background {
		return p.wholeFlush(ctx)
	}
	done := make(chan error, 1) // a Sink that does not look at ctx keeps its goroutine, not the caller
	go func() { done <- p.wholeFlush(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// FlushDue sends what is held if Export would in Inline mode: when there are enough spans, or when they are old. Elsewhere it
// does nothing. It is for what runs after requests that make no trace, such as middleware.ServeMany.
func (p *Processor) FlushDue(ctx context.Context) error {
	if p == nil || p.config.Mode != Inline {
		return nil
	}
	p.mu.Lock()
	due := len(p.items) > 0 && p.wait(time.Now()) <= 0
	p.mu.Unlock()
	if !due {
		return nil
	}
	return p.inline(ctx)
}

// Shutdown sends what is held for a last time. What is left after that is left to the Store, or dropped where there is none,
// and so is what comes later. Later calls do nothing.
func (p *Processor) Shutdown(ctx context.Context) error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	closed := p.closed
	p.closed = true
	p.mu.Unlock()
	if closed {
		return nil
	}
	err := p.Flush(ctx)
	p.wake() // the goroutine ends
	p.mu.Lock()
	defer p.mu.Unlock()
	p.final = true
	if !p.inFlight {
		p.abandon()
	}
	return err
}

// wholeFlush waits for its turn, unless the receiver wants to be left alone.
func (p *Processor) wholeFlush(ctx context.Context) error {
	select {
	case p.sending <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.mu.Lock()
	early := len(p.items) > 0 && time.Now().Before(p.receiver)
	p.mu.Unlock()
	if early {
		<-p.sending
		return errNotYet
	}
	return p.flush(ctx)
}

// inline sends for Export, unless somebody else does already. ctx may be that of a request that is over. It returns what is
// to be told.
func (p *Processor) inline(ctx context.Context) error {
	select {
	case p.sending <- struct{}{}:
	default:
		return nil
	}
	return p.sink.Error(p.flush(context.WithoutCancel(ctx)))
}

// flush sends what is held once. The caller has put the token into sending.
func (p *Processor) flush(ctx context.Context) error {
	defer func() { <-p.sending }()
	p.mu.Lock()
	n := len(p.items)
	lines := make([][]byte, 0, n)
	for i := range p.items {
		if p.items[i].spans > 0 {
			lines = append(lines, p.items[i].line)
		}
	}
	p.inFlight = n > 0
	p.mu.Unlock()
	if n == 0 {
		return nil
	}
	var r Result
	if len(lines) > 0 {
		ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
		r = p.send(ctx, lines)
		cancel()
	}
	left, err := p.settle(n, len(lines), &r)
	p.tell(p.disk.Error(err))
	if left && r.Err == nil {
		return errLeft
	}
	return r.Err
}

func (p *Processor) send(ctx context.Context, lines [][]byte) (r Result) {
	defer func() {
		if v := recover(); v != nil {
			r = Result{Err: &panicError{"Sink.Send", v}}
		}
	}()
	return p.config.Sink.Send(ctx, lines)
}

// settle forgets what of the first n items is settled or given up, and reports whether any are left to be tried again, and
// what the store says.
func (p *Processor) settle(n, lines int, r *Result) (left bool, _ error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inFlight = false
	settled, spans := 0, 0
	for taken := 0; settled < n; settled++ {
		it := &p.items[settled]
		if it.spans > 0 {
			if taken == r.Lines || r.Lines < 0 {
				break
			}
			taken++
		}
		spans += it.spans
	}
	rejected := min(max(r.Rejected, 0), spans)
	p.stats.Sent += uint64(spans - rejected)
	p.stats.Rejected += uint64(rejected)
	if lines > 0 {
		p.stats.Flushes++
	}

	left = settled < n
	now := time.Now()
	if !left {
		p.failures, p.notUntil, p.receiver = 0, time.Time{}, time.Time{}
		p.sink.Fine()
		p.full.Fine()
	} else {
		p.stats.Failures++
		p.failures++
		if r.RetryAfter > 0 {
			p.receiver = now.Add(r.RetryAfter)
		}
		p.notUntil = now.Add(max(p.backoff(), r.RetryAfter))
	}
	drop := settled // what came first has been tried as often as what came later, or more
	for i := settled; i < n; i++ {
		it := &p.items[i]
		it.tries++
		if p.config.Attempts > 0 && it.tries >= p.config.Attempts {
			p.stats.Dropped += uint64(it.spans)
			drop = i + 1
		}
	}
	if drop > settled && r.Err != nil {
		r.Err = &givenUp{r.Err}
	}
	err := p.forget(drop)
	if p.final {
		p.abandon()
	}
	return left, err
}

// forget removes the first n items, in the store as well. The caller holds mu.
func (p *Processor) forget(n int) (err error) {
	stored := 0
	for i := range p.items[:n] {
		it := &p.items[i]
		p.spans -= it.spans
		p.bytes -= len(it.line)
		if it.stored {
			stored++
		}
	}
	kept := copy(p.items, p.items[n:])
	clear(p.items[kept:])
	p.items = p.items[:kept]
	if stored > 0 {
		err = p.store.clear(stored)
	}
	return err
}

// abandon drops what nobody will send any more, and leaves to the store what is there. The caller holds mu.
func (p *Processor) abandon() {
	for i := range p.items {
		if it := &p.items[i]; !it.stored {
			p.stats.Dropped += uint64(it.spans)
			p.spans -= it.spans
			p.bytes -= len(it.line)
			*it = item{}
		}
	}
}

// backoff returns how long to wait after so many failures in a row.
func (p *Processor) backoff() time.Duration {
	d := p.config.Backoff
	for i := 1; i < p.failures && d < p.config.MaxBackoff; i++ {
		d *= 2
	}
	d = min(d, p.config.MaxBackoff)
	return d - rand.N(d/2+1)
}

// givenUp says that an error was the last that its spans met.
type givenUp struct{ err error }

func (e *givenUp) Error() string { return errGivenUp.Error() + ": " + e.err.Error() }
func (e *givenUp) Unwrap() error { return e.err }
