package host

import (
	"context"
	"errors"
	"sync"
)

var (
	errAborted = errors.New("the service ended before it finished the body")
	errGone    = errors.New("the reader of this body went away")
)

// pipeLimit is how many bytes may wait in a pipe before a writer has to wait.
const pipeLimit = 256 << 10

// pipe carries a body that is still being written, from the guest to its reader. Written bytes are copied. An appended body is
// passed on as it is, so appending costs nothing, whatever the body's size.
type pipe struct {
	mu       sync.Mutex
	queue    []pipeItem
	waiting  int           // bytes in queue
	change   chan struct{} // closed, and replaced, whenever another field changes
	finished bool          // the writer has written everything
	trailers headers
	aborted  bool // the writer ended before that
	gone     bool // the reader gave up
}

type pipeItem struct {
	data []byte
	body *body
}

func newPipe() *pipe { return &pipe{change: make(chan struct{})} }

// changed wakes all that wait. The lock is held.
func (p *pipe) changed() {
	close(p.change)
	p.change = make(chan struct{})
}

// write queues a copy of data once there is room.
func (p *pipe) write(ctx context.Context, data []byte) error {
	for {
		p.mu.Lock()
		if p.gone {
			p.mu.Unlock()
			return errGone
		}
		if p.waiting < pipeLimit {
			if len(data) > 0 {
				p.queue = append(p.queue, pipeItem{data: append([]byte(nil), data...)})
				p.waiting += len(data)
				p.changed()
			}
			p.mu.Unlock()
			return nil
		}
		change := p.change
		p.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// append queues a whole body.
func (p *pipe) append(b *body) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return errGone
	}
	p.queue = append(p.queue, pipeItem{body: b})
	p.changed()
	return nil
}

func (p *pipe) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finished = true
	p.changed()
}

// abort makes the reader fail after it has read what is queued.
func (p *pipe) abort() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.finished {
		p.aborted = true
		p.changed()
	}
}

// giveUp tells the writer that nobody reads any more.
func (p *pipe) giveUp() {
	p.mu.Lock()
	queue := p.queue
	p.gone, p.queue, p.waiting = true, nil, 0
	p.changed()
	p.mu.Unlock()
	for _, item := range queue {
		if item.body != nil {
			item.body.discard()
		}
	}
}

// next returns the next item, and false at the end.
func (p *pipe) next(ctx context.Context) (item pipeItem, ok bool, err error) {
	for {
		p.mu.Lock()
		if len(p.queue) > 0 {
			item = p.queue[0]
			p.queue = p.queue[1:]
			p.waiting -= len(item.data)
			p.changed()
			p.mu.Unlock()
			return item, true, nil
		}
		change, finished, aborted := p.change, p.finished, p.aborted
		p.mu.Unlock()
		if finished {
			return pipeItem{}, false, nil
		}
		if aborted {
			return pipeItem{}, false, errAborted
		}
		select {
		case <-change:
		case <-ctx.Done():
			return pipeItem{}, false, ctx.Err()
		}
	}
}

// idle tells whether a read would have to wait.
func (p *pipe) idle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.queue) == 0 && !p.finished && !p.aborted
}

// writable returns a channel that is closed when a write would not wait.
func (p *pipe) writable() <-chan struct{} {
	p.mu.Lock()
	room := p.waiting < pipeLimit || p.gone
	p.mu.Unlock()
	if room {
		return closed
	}
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		for {
			p.mu.Lock()
			room, change := p.waiting < pipeLimit || p.gone || p.finished || p.aborted, p.change
			p.mu.Unlock()
			if room {
				return
			}
			<-change
		}
	}()
	return ready
}
