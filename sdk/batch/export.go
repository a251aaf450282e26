package batch

import (
	"bytes"
	"context"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Export encodes b and holds it. In [Inline] mode it may send what is held. An error that it returns may be about earlier
// traces, and is one that has not been reported yet. [Stats] tell what became of b.
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
	p.report(p.lossErrors.Error(lost))
	if p.config.Mode == Inline && p.due() { // also if there was no room, since nothing else makes room in this mode
		p.report(p.inline(ctx))
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

// hold encodes b and holds its lines. It returns the last item that it has made, or nil, and an error if a part of b was
// dropped.
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
		if lost = either(err, lost); lost == nil && encoded == 0 { // otherwise Send returns the reason, as the Sink interface asks
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

// encode calls Sink.Encode. It divides a trace of more than a quarter of Config.MaxSpans into several calls. A line is held or
// dropped as a whole, so a line of many spans might find no room although there is room for most of them, or might never fit.
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

// take holds a line. It returns an error if there is no room, or if Shutdown was called.
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
