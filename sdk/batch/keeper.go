package batch

import (
	"context"
	"slices"
	"time"
)

// keeper holds the work that is to be done with the Store. A goroutine of its own does it, and lives as long as there is work,
// so that no other goroutine has to wait for a Store that hangs. Processor.mu guards all fields.
type keeper struct {
	store   Store         // nil if there is none
	more    bool          // the Store may have more to load
	loaded  bool          // Load was called
	order   []*item       // the lines in the Store, in its order; those that are gone are to be cleared
	mixed   bool          // a line that is gone may come after one that is not
	waiting []*item       // to be appended
	parked  []*item       // loaded, but there is no room for them yet
	idle    chan struct{} // closed when there is nothing to do; nil if there is no goroutine
	late    bool          // somebody has waited in vain, and the goroutine has not caught up yet
	errors  uint64
}

// patience is how long a caller waits for the Store. A file takes microseconds, and a disk that has to sync takes some
// milliseconds.
const patience = 500 * time.Millisecond

// blank stands for a line in the Store that is of no use.
var blank = &item{gone: true}

// open loads what the Store has.
func (p *Processor) open(s Store) {
	p.mu.Lock()
	p.keeper.store, p.keeper.more = s, true
	p.tend()
	idle := p.keeper.idle
	p.mu.Unlock()
	p.await(context.Background(), idle, patience)
}

// await waits for something that the keeper does, unless the keeper is late already.
func (p *Processor) await(ctx context.Context, done <-chan struct{}, limit time.Duration) {
	p.mu.Lock()
	late := p.keeper.late
	p.mu.Unlock()
	if late {
		return
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
	case <-ctx.Done():
	case <-timer.C:
		p.mu.Lock()
		p.keeper.late = p.keeper.idle != nil
		p.mu.Unlock()
		p.report(p.storeErrors.Error(errLate))
	}
}

// awaitStore waits until the Store knows what was sent.
func (p *Processor) awaitStore(ctx context.Context, limit time.Duration) {
	p.mu.Lock()
	idle := p.keeper.idle
	p.mu.Unlock()
	if idle != nil {
		p.await(ctx, idle, limit)
	}
}

// tend starts the goroutine if there is work and no goroutine yet. The caller of this function and of those below holds mu.
func (p *Processor) tend() {
	if p.keeper.idle == nil && p.task() != nil {
		p.keeper.idle = make(chan struct{})
		go p.keep()
	}
}

func (p *Processor) keep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for task := p.task(); task != nil; task = p.task() {
		task(p)
	}
	close(p.keeper.idle)
	p.keeper.idle, p.keeper.late = nil, false
}

// task returns the next thing to do with the Store, or nil.
func (p *Processor) task() func(*Processor) {
	k := &p.keeper
	switch {
	case k.more && !p.closed && len(k.parked) == 0 && p.spans <= p.config.MaxSpans/2:
		return (*Processor).load
	case len(k.order) > 0 && k.order[0].gone:
		return (*Processor).clear
	case k.mixed && (len(k.parked) == 0 || p.closed): // parked lines will leave in their turn, or go to the next processor
		return (*Processor).unmix
	case len(k.waiting) > 0:
		return (*Processor).append
	}
	return nil
}

// call calls the Store, and unlocks mu meanwhile.
func (p *Processor) call(where string, f func() error) error {
	p.mu.Unlock()
	err := func() (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = panicked(where, v)
			}
		}()
		return f()
	}()
	if err == nil {
		p.storeErrors.Fine()
	}
	p.report(p.storeErrors.Error(err))
	p.mu.Lock()
	if err != nil {
		p.keeper.errors++
	}
	return err
}

// load loads lines that the Store has from earlier. Lines for which there is no room are parked. If the Store does not return
// all lines at once, the others are loaded when the parked ones are gone.
func (p *Processor) load() {
	k := &p.keeper
	portioned, ok := k.store.(PortionedStore)
	again := k.loaded
	var lines [][]byte
	var spans []int
	failed := p.call("Store.Load", func() (err error) {
		if again {
			lines, err = portioned.LoadMore()
		} else {
			lines, err = k.store.Load()
		}
		for _, line := range lines {
			spans = append(spans, p.sink.Count(line))
		}
		return err
	})
	k.loaded, k.more = true, ok && (len(lines) > 0 || !again && failed == nil)
	for i, line := range lines {
		it := &item{line: line, spans: spans[i], stored: true}
		if it.spans == 0 {
			p.stats.Damaged++
			it = blank
		} else {
			k.parked = append(k.parked, it)
		}
		k.order = append(k.order, it)
	}
	p.admit()
}

// admit holds parked lines as far as there is room. Lines for which there will never be room are dropped.
func (p *Processor) admit() {
	k := &p.keeper
	for len(k.parked) > 0 && !p.closed {
		it := k.parked[0]
		fits := p.fits(len(it.line), it.spans)
		if !fits && len(p.items) > 0 {
			return
		}
		k.parked = k.parked[1:]
		p.stats.Loaded += uint64(it.spans)
		if fits {
			p.push(it)
			continue
		}
		p.stats.Dropped += uint64(it.spans)
		it.gone, it.line, k.mixed = true, nil, true
	}
}

// clear makes the Store forget the lines at its beginning that are gone.
func (p *Processor) clear() {
	k := &p.keeper
	n := slices.IndexFunc(k.order, func(it *item) bool { return !it.gone })
	if n < 0 {
		n = len(k.order)
	}
	k.order = slices.Delete(k.order, 0, n)
	_ = p.call("Store.Clear", func() error { return k.store.Clear(n) })
}

// unmix appends the lines that come before a line that is gone to the end of the Store, so that both can be cleared. Otherwise
// the Store would grow behind a line that the receiver does not accept.
func (p *Processor) unmix() {
	k := &p.keeper
	k.mixed = false
	lastGone := len(k.order) - 1
	for lastGone >= 0 && (!k.order[lastGone].gone || k.order[lastGone] == blank) { // damaged lines are few, and leave in their turn
		lastGone--
	}
	for i := range lastGone {
		it := k.order[i]
		if it.gone {
			continue
		}
		if !p.put(it) {
			return // the lines that the Store still has stay where they are
		}
		k.order[i] = blank
	}
}

func (p *Processor) append() {
	it := p.keeper.waiting[0]
	p.keeper.waiting = p.keeper.waiting[1:]
	p.put(it)
	close(it.kept)
}

// put appends an item to the Store, and reports whether the Store has kept it. Meanwhile the item may be gone, which sweep has
// noted.
func (p *Processor) put(it *item) bool {
	k, line := &p.keeper, it.line
	if p.call("Store.Append", func() error { return k.store.Append(line) }) != nil {
		return false
	}
	k.order = append(k.order, it)
	it.stored = true
	return true
}
