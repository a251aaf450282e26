package batch

import (
	"bytes"
	"context"
	"sync"
	"time"

	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Processor is a trace.Exporter that holds traces back and sends them together.
type Processor struct {
	config  Config
	store   *safeStore    // nil for none
	sending chan struct{} // holds a token while Sink.Send is called
	kick    chan struct{} // wakes the goroutine

	mu       sync.Mutex
	items    []item // in the order in which they came, and leave
	spans    int    // in items
	bytes    int    // in items
	inFlight bool   // the first of items are being sent
	running  bool   // there is a goroutine
	closed   bool   // by Shutdown
	final    bool   // and its last try is over
	failures int    // since it went well
	notUntil time.Time
	receiver time.Time // until then the receiver wants to be left alone
	stats    Stats
	pending  error // for the next Export

	sink, full, disk once.Filter
}

// item is an encoded trace, or a part of one.
type item struct {
	line   []byte
	spans  int
	tries  int
	at     time.Time
	stored bool
}

// New returns a Processor, and loads what its Store has.
func New(config Config) *Processor {
	config.setDefaults()
	p := &Processor{config: config, sending: make(chan struct{}, 1), kick: make(chan struct{}, 1)}
	if config.Sink != nil && config.Store != nil {
		p.store = &safeStore{Store: config.Store}
		p.load()
	}
	return p
}

// DetectResource passes on what the Sink knows of the platform.
func (p *Processor) DetectResource() []trace.Attribute {
	if p == nil {
		return nil
	}
	if d, ok := p.config.Sink.(trace.ResourceDetector); ok {
		return d.DetectResource()
	}
	return nil
}

// Export encodes b and holds it. In Inline mode it may send what is held. The error is one that nobody has been told yet;
// Stats says what became of b.
func (p *Processor) Export(ctx context.Context, b *trace.Batch) error {
	if p == nil || b == nil || len(b.Spans) == 0 {
		return nil
	}
	if p.hold(b) {
		switch p.config.Mode {
		case Background:
			p.wake()
		case Inline:
			p.tell(p.inline(ctx))
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.pending
	p.pending = nil
	return err
}

// hold encodes b, and reports whether it is time to send.
func (p *Processor) hold(b *trace.Batch) (due bool) {
	taken := 0
	var failed, full error
	p.mu.Lock()
	defer func() { // in this order: what is told may call back
		if v := recover(); v != nil {
			failed = &panicError{"Sink.Encode", v}
		}
		p.stats.Given += uint64(len(b.Spans))
		p.stats.Dropped += uint64(len(b.Spans) - taken)
		p.mu.Unlock()
		p.tell(failed)
		p.tell(full)
	}()
	if p.closed || p.config.Sink == nil {
		return false
	}
	now := time.Now()
	p.config.Sink.Encode(b, func(line []byte, spans int) {
		spans = min(spans, len(b.Spans)-taken)
		switch {
		case spans <= 0:
		case p.spans+spans > p.config.MaxSpans || p.bytes+len(line) > p.config.MaxBytes:
			full = either(full, p.full.Error(errFull))
		default:
			taken += spans
			stored := false
			if p.store != nil {
				err := p.store.append(line)
				stored = err == nil
				failed = either(failed, p.disk.Error(err))
			}
			p.push(item{line: bytes.Clone(line), spans: spans, at: now, stored: stored})
		}
	})
	if len(p.items) == 0 {
		return false
	}
	if p.config.Mode == Background && !p.running {
		p.running = true
		go p.run()
	}
	return p.wait(now) <= 0
}

// wait returns how long it is until what is held should be sent. The caller holds mu.
func (p *Processor) wait(now time.Time) time.Duration {
	d := time.Duration(1<<63 - 1)
	if p.spans >= p.config.Spans {
		d = 0
	} else if p.config.Age >= 0 {
		d = p.items[0].at.Add(p.config.Age).Sub(now)
	}
	return max(d, p.notUntil.Sub(now))
}

func (p *Processor) push(it item) {
	p.items = append(p.items, it)
	p.spans += it.spans
	p.bytes += len(it.line)
}

// load takes over what the store has from earlier, as if it had just come, up to the bounds.
func (p *Processor) load() {
	lines, err := p.store.load()
	p.tell(p.disk.Error(err))
	now := time.Now()
	for _, line := range lines {
		n, err := p.count(line)
		p.tell(err)
		p.stats.Loaded += uint64(n)
		switch {
		case n == 0:
			p.stats.Damaged++
		case p.spans+n > p.config.MaxSpans || p.bytes+len(line) > p.config.MaxBytes:
			p.stats.Dropped += uint64(n)
			n = 0
		}
		// A line that is not sent goes through the queue too, so that the store clears it in its turn.
		if n == 0 {
			line = nil
		}
		p.push(item{line: line, spans: n, at: now, stored: true})
	}
	if p.config.Mode == Background && len(p.items) > 0 {
		p.running = true
		go p.run()
	}
}

func (p *Processor) count(line []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, &panicError{"Sink.Count", v}
		}
	}()
	return max(0, p.config.Sink.Count(line)), nil
}

// tell reports an error that no caller is waiting for. The caller does not hold mu.
func (p *Processor) tell(err error) {
	if err == nil {
		return
	}
	if p.config.OnError == nil {
		p.mu.Lock()
		p.pending = either(p.pending, err)
		p.mu.Unlock()
		return
	}
	defer func() { _ = recover() }() // a report that fails has nowhere to go
	p.config.OnError(err)
}
