package host

import (
	"context"
	"io"
)

// body is a request's or response's body: a queue of pieces, some of them in memory, some still arriving. It belongs to one reader
// at a time. Only the background read of peek runs concurrently.
type body struct {
	chunks       []chunk
	trailers     headers
	trailersDone bool // the body was read to its end, so the trailers can be read
	peeking      *peek
}

// chunk is one of three: bytes, a source or a pipe.
type chunk struct {
	data []byte
	src  *source
	pipe *pipe
}

// source is a body that arrives from the network.
type source struct {
	r        io.ReadCloser
	left     int64          // bytes that are still to come; negative if unknown
	trailers func() headers // the fields after the body; nil for none
}

func (b *body) write(data []byte) {
	if n := len(b.chunks); n > 0 && b.chunks[n-1].data != nil {
		// Data is added to the last piece, so that a guest that writes single bytes does not make a piece for each.
		b.chunks[n-1].data = append(b.chunks[n-1].data, data...)
		return
	}
	if len(data) > 0 {
		b.chunks = append(b.chunks, chunk{data: append([]byte(nil), data...)})
	}
}

func (b *body) writeFront(data []byte) {
	b.settle()
	if len(data) > 0 {
		b.chunks = append([]chunk{{data: append([]byte(nil), data...)}}, b.chunks...)
	}
}

// append moves the content of the other body to the end of this one.
func (b *body) append(other *body) {
	other.settle()
	for _, c := range other.chunks {
		if c.data != nil {
			c.data = c.data[:len(c.data):len(c.data)] // so that the two bodies do not append to the same array
		}
		b.chunks = append(b.chunks, c)
	}
	b.trailers = append(b.trailers, other.trailers...)
	other.chunks, other.trailers = nil, nil
}

func (b *body) addSource(s *source) { b.chunks = append(b.chunks, chunk{src: s}) }
func (b *body) addPipe(p *pipe)     { b.chunks = append(b.chunks, chunk{pipe: p}) }

// length returns the number of bytes left, if it is known.
func (b *body) length() (uint64, bool) {
	b.settle()
	var n uint64
	for _, c := range b.chunks {
		switch {
		case c.pipe != nil, c.src != nil && c.src.left < 0:
			return 0, false
		case c.src != nil:
			n += uint64(c.src.left)
		default:
			n += uint64(len(c.data))
		}
	}
	return n, true
}

// inMemory returns the whole content, if all of it has arrived.
func (b *body) inMemory() ([]byte, bool) {
	b.settle()
	var all []byte
	for _, c := range b.chunks {
		if c.data == nil {
			return nil, false
		}
		if all == nil {
			all = c.data
		} else {
			all = append(all[:len(all):len(all)], c.data...)
		}
	}
	return all, true
}

// idle tells whether reading would wait for the guest. Then what was read before should be sent now.
func (b *body) idle() bool {
	if !b.settled() {
		return true
	}
	for _, c := range b.chunks {
		switch {
		case c.data != nil:
			return false
		case c.src != nil:
			return true
		case c.pipe != nil:
			return c.pipe.idle()
		}
	}
	return false
}

// read waits for at least one byte. At the end it returns 0 bytes and no error.
func (b *body) read(ctx context.Context, buf []byte) (int, error) {
	b.settle()
	return b.readNow(ctx, buf)
}

// next removes the first piece. A guest may keep a body that it has read, and that must not keep a connection in memory.
func (b *body) next() {
	b.chunks[0] = chunk{}
	if b.chunks = b.chunks[1:]; len(b.chunks) == 0 {
		b.chunks = nil
	}
}

func (b *body) readNow(ctx context.Context, buf []byte) (int, error) {
	if len(buf) == 0 {
		return 0, nil
	}
	for len(b.chunks) > 0 {
		c := &b.chunks[0]
		switch {
		case c.data != nil:
			n := copy(buf, c.data)
			c.data = c.data[n:]
			if len(c.data) == 0 {
				b.next()
			}
			if n > 0 {
				return n, nil
			}
		case c.src != nil:
			n, err := c.src.r.Read(buf)
			if c.src.left >= 0 {
				c.src.left = max(0, c.src.left-int64(n))
			}
			if err == io.EOF {
				if c.src.trailers != nil {
					b.trailers = append(b.trailers, c.src.trailers()...)
				}
				c.src.r.Close()
				b.next()
				err = nil
			}
			if n > 0 || err != nil {
				return n, err
			}
		case c.pipe != nil:
			item, ok, err := c.pipe.next(ctx)
			switch {
			case err != nil:
				return 0, err
			case !ok:
				b.trailers = append(b.trailers, c.pipe.trailers...)
				b.next()
			case item.body != nil:
				item.body.settle()
				b.trailers = append(b.trailers, item.body.trailers...)
				b.chunks = append(append([]chunk(nil), item.body.chunks...), b.chunks...)
			default:
				b.chunks = append([]chunk{{data: item.data}}, b.chunks...)
			}
		default:
			b.next()
		}
	}
	b.trailersDone = true
	return 0, nil
}

// isRead tells whether the body was read to its end.
func (b *body) isRead() bool { return b.trailersDone && b.settled() && len(b.chunks) == 0 }

// discard drops the body, and tells its writer.
func (b *body) discard() {
	if !b.settled() { // this may take for ever, so do not wait for it
		go func() { b.settle(); b.discard() }()
		return
	}
	for _, c := range b.chunks {
		if c.src != nil {
			c.src.r.Close()
		}
		if c.pipe != nil {
			c.pipe.giveUp()
		}
	}
	b.chunks = nil
}

// reader is an io.Reader of the body.
type reader struct {
	ctx context.Context
	b   *body
}

func (r reader) Read(p []byte) (int, error) {
	n, err := r.b.read(r.ctx, p)
	if n == 0 && err == nil && len(p) > 0 {
		return 0, io.EOF
	}
	return n, err
}

func (r reader) Close() error {
	r.b.discard()
	return nil
}
