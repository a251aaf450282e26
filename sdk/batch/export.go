package batch

import (
	"bytes"
	"context"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Export encodes b and holds it. In Inline mode it may send what is held. The error is one that nobody has been told yet;
// Stats says what became of b.
func (p *Processor) Export(ctx context.Context, b *trace.Batch) error {
	if p == nil || b == nil || len(b.Spans) == 0 {
		return nil
	}
	last, lost := p.hold(b)
	if last != nil && p.config.Mode == Background && p.due() {
		p.wake()
	}
	if last != nil && last.kept != nil {
		p.await(context.Background(), last.kept, patience)
	}
	p.tell(p.lost.Error(lost))
	if last != nil && p.config.Mode == Inline && p.due() {
		p.tell(p.inline(ctx))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.pending
	p.pending = nil
	return err
}

// hold encodes b, and returns the last item that it has made of it, or nil for none, and why some of b is lost.
func (p *Processor) hold(b *trace.Batch) (last *item, lost error) {
	taken := 0
	if p.sink != nil {
		p.encoding.Lock()
		err := p.encode(b, func(line []byte, spans int) {
			spans = min(spans, len(b.Spans)-taken)
			if spans <= 0 {
				return
			}
			if it := p.take(line, spans); it != nil {
				taken += spans
				last = it
			} else {
				lost = errFull
			}
		})
		p.encoding.Unlock()
		lost = either(err, lost)
	}
	p.mu.Lock()
	left := uint64(len(b.Spans) - taken)
	p.stats.Given += left
	p.stats.Dropped += left
	if p.closed {
		lost = nil
	}
	p.mu.Unlock()
	return last, lost
}

func (p *Processor) encode(b *trace.Batch, add func(line []byte, spans int)) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked("Sink.Encode", v)
		}
	}()
	p.sink.Encode(b, add)
	return nil
}

// take holds a line, or returns nil where there is no room, or Shutdown was called.
func (p *Processor) take(line []byte, spans int) *item {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !p.fits(len(line), spans) {
		return nil
	}
	it := &item{line: bytes.Clone(line), spans: spans}
	p.stats.Given += uint64(spans)
	p.push(it)
	if p.keeper.store != nil {
		it.kept = make(chan struct{})
		p.keeper.waiting = append(p.keeper.waiting, it)
		p.tend()
	}
	return it
}

// due reports whether it is time to send.
func (p *Processor) due() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.items) > 0 && !p.final && p.wait(time.Now()) <= 0
}
