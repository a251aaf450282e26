package batch

import (
	"context"
	"slices"
	"time"
)

// keeper is what there is to be done with the Store. A goroutine does it, which lives as long as there is something, so that
// nobody else has to wait for a Store that hangs. All of it is guarded by Processor.mu.
type keeper struct {
	store   Store         // nil for none
	more    bool          // it may have more to load
	loaded  bool          // Load was called
	order   []*item       // what it has, in its order; what is gone is to be cleared
	mixed   bool          // some that is gone may stand behind some that is not
	waiting []*item       // to be appended
	parked  []*item       // loaded, and no room for them yet
	idle    chan struct{} // closed when there is nothing to do; nil where there is no goroutine
	late    bool          // somebody has waited in vain, and it has not caught up yet
	errors  uint64
}

// patience is how long who needs the Store waits for it. A file takes microseconds, and a disk that is asked to sync some
// milliseconds.
const patience = 500 * time.Millisecond

// blank stands for a line that the Store has and that is of no use.
var blank = &item{gone: true}

// open loads what is there.
func (p *Processor) open(s Store) {
	p.mu.Lock()
	p.keeper.store, p.keeper.more = s, true
	p.tend()
	idle := p.keeper.idle
	p.mu.Unlock()
	p.await(context.Background(), idle, patience)
}

// await waits for something that the keeper does, if it can be expected to do it soon.
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
		p.tell(p.disk.Error(errLate))
	}
}

// settled waits until the Store knows what was sent.
func (p *Processor) settled(ctx context.Context, limit time.Duration) {
	p.mu.Lock()
	idle := p.keeper.idle
	p.mu.Unlock()
	if idle != nil {
		p.await(ctx, idle, limit)
	}
}

// tend starts the goroutine if there is something to do and none that does it. The caller holds mu, as for all below.
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

// task returns what is to be done next with the Store, or nil.
func (p *Processor) task() func(*Processor) {
	k := &p.keeper
	switch {
	case k.more && !p.closed && len(k.parked) == 0 && p.spans <= p.config.MaxSpans/2:
		return (*Processor).load
	case len(k.order) > 0 && k.order[0].gone:
		return (*Processor).clear
	case k.mixed && (len(k.parked) == 0 || p.closed): // what is parked will leave in its turn, or to the next processor
		return (*Processor).unmix
	case len(k.waiting) > 0:
		return (*Processor).append
	}
	return nil
}

// call calls the Store, without mu meanwhile.
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
		p.disk.Fine()
	}
	p.tell(p.disk.Error(err))
	p.mu.Lock()
	if err != nil {
		p.keeper.errors++
	}
	return err
}

// load takes over what the Store has from earlier, as far as there is room. The rest of what it gives is parked, and what it does
// not give at once comes when that is gone.
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

// admit holds what is parked, as far as there is room. What there will never be room for is dropped.
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

// clear has the Store forget what is gone and nothing stands before.
func (p *Processor) clear() {
	k := &p.keeper
	n := slices.IndexFunc(k.order, func(it *item) bool { return !it.gone })
	if n < 0 {
		n = len(k.order)
	}
	k.order = slices.Delete(k.order, 0, n)
	_ = p.call("Store.Clear", func() error { return k.store.Clear(n) })
}

// unmix appends anew what stands before something that is gone, so that both can be cleared: the Store does not grow behind a line
// that the receiver does not take.
func (p *Processor) unmix() {
	k := &p.keeper
	k.mixed = false
	lastGone := len(k.order) - 1
	for lastGone >= 0 && (!k.order[lastGone].gone || k.order[lastGone] == blank) { // what was damaged is little, and leaves in its turn
		lastGone--
	}
	for i := range lastGone {
		it := k.order[i]
		if it.gone {
			continue
		}
		if !p.put(it) {
			return // what the Store has of it stays there
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

// put appends an item to the Store, and reports whether the Store has taken it. It may be gone when that is done, and sweep has noted it.
func (p *Processor) put(it *item) bool {
	k, line := &p.keeper, it.line
	if p.call("Store.Append", func() error { return k.store.Append(line) }) != nil {
		return false
	}
	k.order = append(k.order, it)
	it.stored = true
	return true
}
