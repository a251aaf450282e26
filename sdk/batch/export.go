package batch

import (
	"bytes"
	"context"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Export encodes b and holds it. In [Inline] mode it may send what is held. The error is one that nobody has been told yet;
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
	if p.config.Mode == Inline && p.due() { // also where there was no room: nobody else makes some
		p.tell(p.inline(ctx))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.pending) == 0 {
		return nil
	}
	err := p.pending[0]
	p.pending = p.pending[1:]
	return err
}

// hold encodes b, and returns the last item that it has made of it, or nil for none, and why some of b is lost.
func (p *Processor) hold(b *trace.Batch) (last *item, lost error) {
	taken := 0
	if p.sink == nil {
		lost = errNoSink
	} else {
		p.encoding.Lock()
		encoded := 0
		err := p.encode(b, func(line []byte, spans int) {
			spans = min(spans, len(b.Spans)-encoded)
			if spans <= 0 {
				return
			}
			encoded += spans
			it, err := p.take(line, spans)
			if lost = either(lost, err); it != nil {
				taken += spans
				last = it
			}
		})
		p.encoding.Unlock()
		if lost = either(err, lost); lost == nil && encoded == 0 { // else Send says why, as Sink asks
			lost = errNotEncoded
		}
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

// encode calls Sink.Encode, several times for a trace of more than a quarter of Config.MaxSpans: a line is held or dropped as a
// whole, and one of more spans than that would find no room where most of it has some, or never.
func (p *Processor) encode(b *trace.Batch, add func(line []byte, spans int)) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked("Sink.Encode", v)
		}
	}()
	most := max(1, p.config.MaxSpans/4)
	for rest := b.Spans; len(rest) > 0; {
		n := min(len(rest), most)
		p.sink.Encode(&trace.Batch{Resource: b.Resource, Spans: rest[:n]}, add)
		rest = rest[n:]
	}
	return nil
}

// take holds a line, or says why not: there is no room, or Shutdown was called.
func (p *Processor) take(line []byte, spans int) (*item, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(line) > p.config.MaxBytes {
		return nil, errTooLarge
	}
	if p.closed || !p.fits(len(line), spans) {
		return nil, errFull
	}
	it := &item{line: bytes.Clone(line), spans: spans}
	p.stats.Given += uint64(spans)
	p.push(it)
	if p.keeper.store != nil {
		it.kept = make(chan struct{})
		p.keeper.waiting = append(p.keeper.waiting, it)
		p.tend()
	}
	return it, nil
}

// due reports whether it is time to send.
func (p *Processor) due() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.items) > 0 && !p.shutdownDone && p.wait(time.Now()) <= 0
}
