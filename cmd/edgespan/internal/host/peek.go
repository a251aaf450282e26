package host

import "context"

// peek is a read ahead, which tells a select call whether a body has something to read.
type peek struct {
	done chan struct{}
	buf  []byte
	err  error
}

// ready starts a read ahead, unless there is something to read already.
func (b *body) ready() <-chan struct{} {
	if b.peeking != nil {
		return b.peeking.done
	}
	if len(b.chunks) == 0 || len(b.chunks[0].data) > 0 {
		return closed
	}
	p := &peek{done: make(chan struct{})}
	b.peeking = p
	go func() {
		defer close(p.done)
		buf := make([]byte, 16<<10)
		n, err := b.readNow(context.Background(), buf)
		p.buf, p.err = buf[:n], err
	}()
	return p.done
}

// settle waits for a read ahead, and puts the result back before the rest of the body.
func (b *body) settle() {
	p := b.peeking
	if p == nil {
		return
	}
	<-p.done
	b.peeking = nil
	var front []chunk
	if len(p.buf) > 0 {
		front = append(front, chunk{data: p.buf})
	}
	if p.err != nil {
		front = append(front, chunk{src: &source{r: failing{p.err}, left: -1}})
	}
	b.chunks = append(front, b.chunks...)
}

// settled tells whether no read ahead is running. It settles one that has finished.
func (b *body) settled() bool {
	if b.peeking == nil {
		return true
	}
	select {
	case <-b.peeking.done:
		b.settle()
		return true
	default:
		return false
	}
}

// failing is a source that has already failed.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
func (f failing) Close() error             { return nil }
