package host

import (
	"context"
	"io"
	"sync"
)

// collected is the content of an object, which can be read while it is still being written.
type collected struct {
	mu     sync.Mutex
	buf    []byte
	done   bool
	err    error
	change chan struct{}
}

// collect reads the body in the background.
func collect(ctx context.Context, b *body) *collected {
	c := &collected{change: make(chan struct{})}
	go func() {
		buf := make([]byte, 32<<10)
		for {
			n, err := b.read(ctx, buf)
			c.mu.Lock()
			c.buf = append(c.buf, buf[:n]...)
			c.done, c.err = n == 0 || err != nil, err
			over := c.done
			close(c.change)
			c.change = make(chan struct{})
			c.mu.Unlock()
			if over {
				b.discard()
				return
			}
		}
	}()
	return c
}

func (c *collected) size() (uint64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return uint64(len(c.buf)), c.done && c.err == nil
}

// held returns how much memory the content takes, and whether that is all.
func (c *collected) held() (bytes int, done bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cap(c.buf), c.done
}

// wait returns when the content has more than n bytes or is complete.
func (c *collected) wait(ctx context.Context, n uint64) (length uint64, err error) {
	for {
		c.mu.Lock()
		length, done, err, change := uint64(len(c.buf)), c.done, c.err, c.change
		c.mu.Unlock()
		if length > n || done {
			return length, err
		}
		select {
		case <-change:
		case <-ctx.Done():
			return length, ctx.Err()
		}
	}
}

// contentReader reads from one position to another, or to the end.
type contentReader struct {
	ctx      context.Context
	cancel   context.CancelFunc
	c        *collected
	at, upTo uint64
}

func (r *contentReader) Read(p []byte) (int, error) {
	if r.at >= r.upTo {
		return 0, io.EOF
	}
	length, err := r.c.wait(r.ctx, r.at)
	if length <= r.at {
		if err != nil {
			return 0, err
		}
		return 0, io.EOF
	}
	r.c.mu.Lock()
	n := copy(p, r.c.buf[r.at:min(length, r.upTo)])
	r.c.mu.Unlock()
	r.at += uint64(n)
	return n, nil
}

func (r *contentReader) Close() error {
	r.cancel()
	return nil
}
