package host

import (
	"context"
	"io"
)

// body is a request's or response's body: pieces one after another, some in memory, some still arriving. It belongs
// to one reader at a time; only peek's background read runs beside it.
type body struct {
	chunks       []chunk
	trailers     headers
	trailersDone bool // the trailers can be read: the body was read to its end
	peeking      *peek
}

// chunk is one of: bytes, a source, a pipe.
type chunk struct {
	data []byte
	src  *source
	pipe *pipe
}

// source is a body that arrives from the network.
type source struct {
	r        io.ReadCloser
	left     int64          // bytes still to come; negative if that is not known
	trailers func() headers // what came after the body; nil for none
}

func (b *body) write(data []byte) {
	if n := len(b.chunks); n > 0 && b.chunks[n-1].data != nil {
		// Grow the last piece: a guest that writes byte by byte must not cost a piece a byte.
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

// append moves the other body's content behind this one's.
func (b *body) append(other *body) {
	other.settle()
	for _, c := range other.chunks {
		if c.data != nil {
			c.data = c.data[:len(c.data):len(c.data)] // both must not grow the same array
		}
		b.chunks = append(b.chunks, c)
	}
	b.trailers = append(b.trailers, other.trailers...)
	other.chunks, other.trailers = nil, nil
}

func (b *body) addSource(s *source) { b.chunks = append(b.chunks, chunk{src: s}) }
func (b *body) addPipe(p *pipe)     { b.chunks = append(b.chunks, chunk{pipe: p}) }

// length is the number of bytes left, where that is known.
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

// inMemory returns the whole content where none of it has yet to arrive.
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

// idle tells whether reading would wait for the guest, so that what was read before it had better be sent now.
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
				b.chunks = b.chunks[1:]
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
				b.chunks = b.chunks[1:]
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
				b.chunks = b.chunks[1:]
			case item.body != nil:
				item.body.settle()
				b.trailers = append(b.trailers, item.body.trailers...)
				b.chunks = append(append([]chunk(nil), item.body.chunks...), b.chunks...)
			default:
				b.chunks = append([]chunk{{data: item.data}}, b.chunks...)
			}
		default:
			b.chunks = b.chunks[1:]
		}
	}
	b.trailersDone = true
	return 0, nil
}

// discard drops the body: whoever writes it is told.
func (b *body) discard() {
	if !b.settled() { // it may take for ever: do not wait with it
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

// reader reads the body as an io.Reader does.
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
