package batch

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// round calls Sink.Send once, with those of items that are still held. The caller must have the turn to send. round returns the
// items that the Sink has not tried.
func (p *Processor) round(ctx context.Context, items []*item) (untried []*item, err error) {
	if err := ctx.Err(); err != nil {
		return items, err
	}
	p.mu.Lock()
	items = slices.DeleteFunc(items, isGone) // dropped by Shutdown
	lines := make([][]byte, len(items))
	for i, it := range items {
		lines[i] = it.line
	}
	p.inFlight = len(items) > 0
	p.mu.Unlock()
	if len(items) == 0 {
		return nil, nil
	}
	limited, cancel := context.WithTimeout(ctx, p.config.Timeout)
	r := p.sink.Send(limited, lines)
	cancel()

	p.mu.Lock()
	defer p.mu.Unlock()
	p.inFlight = false
	p.stats.Flushes++
	p.settle(items[:r.Lines], r.Rejected)
	if r.Lines == len(items) {
		p.failures, p.notUntil, p.receiverNotBefore = 0, time.Time{}, time.Time{}
		p.sendErrors.Fine()
		p.lossErrors.Fine()
	} else {
		p.stats.Failures++
		if ctx.Err() == nil || r.RetryAfter > 0 { // otherwise the caller did not wait, which is not a failure of the receiver
			r.Err = p.countFailure(items[r.Lines:len(items)-r.Untried], &r)
		}
	}
	p.sweep()
	if p.shutdownDone {
		p.abandon()
	}
	return items[len(items)-r.Untried:], r.Err
}

// settle removes items that the receiver has accepted or refused. The caller holds mu.
func (p *Processor) settle(items []*item, rejected int) {
	spans := 0
	for _, it := range items {
		spans += it.spans
		p.remove(it)
	}
	rejected = min(rejected, spans)
	p.stats.Sent += uint64(spans - rejected)
	p.stats.Rejected += uint64(rejected)
}

// countFailure counts a failure for each of items, and drops those that have used up their attempts. It returns the error to
// report. The caller holds mu.
func (p *Processor) countFailure(items []*item, r *Result) error {
	if r.Lines > 0 { // the receiver is reachable
		p.failures = 0
	}
	p.failures++
	now := time.Now()
	if r.RetryAfter > 0 {
		p.receiverNotBefore = now.Add(r.RetryAfter)
	}
	p.notUntil = now.Add(max(p.backoff(), r.RetryAfter))
	err := r.Err
	for _, it := range items {
		it.tries++
		if p.config.Attempts > 0 && it.tries >= p.config.Attempts {
			p.stats.Dropped += uint64(it.spans)
			p.remove(it)
			err = &givenUp{r.Err}
		}
	}
	return err
}

// backoff returns how long to wait after the current number of failures in a row.
func (p *Processor) backoff() time.Duration {
	most := p.config.MaxBackoff
	d := min(p.config.Backoff, most)
	for i := 1; i < p.failures && d < most; i++ {
		d += min(d, most-d)
	}
	return d - rand.N(d/2+1)
}
