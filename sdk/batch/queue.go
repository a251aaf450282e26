package batch

import (
	"slices"
	"time"
)

// item is one line: an encoded trace, or a part of one. Processor.mu guards its state.
type item struct {
	line  []byte
	spans int
	tries int // failed tries
	at    time.Time

	gone   bool          // sent, refused or dropped; it is in no queue and has no line
	stored bool          // the Store has it
	kept   chan struct{} // closed when the Store has kept or refused it; nil if it came from the Store
}

func isGone(it *item) bool { return it.gone }

// The caller of the functions below holds mu.

func (p *Processor) fits(bytes, spans int) bool {
	return p.spans+spans <= p.config.MaxSpans && p.bytes+bytes <= p.config.MaxBytes
}

func (p *Processor) push(it *item) {
	it.at = time.Now()
	p.items = append(p.items, it)
	p.spans += it.spans
	p.bytes += len(it.line)
	if p.config.Mode == Background && !p.running {
		p.running = true
		go p.run()
	}
}

// wait returns how long to wait until what is held should be sent.
func (p *Processor) wait(now time.Time) time.Duration {
	d := time.Duration(1<<63 - 1)
	if p.spans >= p.config.Spans || p.bytes >= p.config.MaxBytes/2 {
		d = 0
	} else if p.config.Age >= 0 {
		d = p.items[0].at.Add(p.config.Age).Sub(now)
	}
	return max(d, p.notUntil.Sub(now))
}

// toSend returns the held items. Those with the fewest failed tries come first, so that an item that is refused again and again
// holds up no other.
func (p *Processor) toSend() []*item {
	items := make([]*item, 0, len(p.items))
	for tries := 0; len(items) < len(p.items); { // repeats a few times; slices.SortStableFunc would add 12 kB to a service
		next := int(^uint(0) >> 1)
		for _, it := range p.items {
			switch {
			case it.tries == tries:
				items = append(items, it)
			case it.tries > tries:
				next = min(next, it.tries)
			}
		}
		tries = next
	}
	return items
}

// remove subtracts an item from what is held. sweep must follow.
func (p *Processor) remove(it *item) {
	p.spans -= it.spans
	p.bytes -= len(it.line)
	it.gone, it.line = true, nil
}

// sweep removes items that are gone from the queues, and then admits loaded items for which there is room now.
func (p *Processor) sweep() {
	p.items = slices.DeleteFunc(p.items, isGone)
	p.wake() // the goroutine may have less to wait for, or nothing
	k := &p.keeper
	if k.store == nil {
		return
	}
	k.waiting = slices.DeleteFunc(k.waiting, func(it *item) bool {
		if it.gone {
			close(it.kept)
		}
		return it.gone
	})
	k.mixed = true
	p.admit()
	p.tend()
}

// abandon drops the items that nobody will send any more, except those that the Store has.
func (p *Processor) abandon() {
	for _, it := range p.items {
		if !it.stored {
			p.stats.Dropped += uint64(it.spans)
			p.remove(it)
		}
	}
	p.sweep()
}
