package ship

import (
	"bytes"
	"io"
	"slices"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
)

// stream is the text of a piece, which remembers how its file begins.
type stream struct {
	r    io.Reader
	src  source
	at   int64  // in the file: how far it was read
	head []byte // what the text begins with, as far as it was read
}

// source is what is read.
type source struct {
	key    string  // of the input, in the checkpoint
	from   entry   // where it is begun at
	others []entry // what is known of the files beside it
}

// position is where an input is: behind a line.
type position struct {
	*source
	offset int64
	head   []byte
	end    int // bytes of the line's end
	tail   []byte
	read   bool // the file was read to its end
	torn   bool // and the last line there has none
}

func newStream(p piece, in *input) *stream {
	return &stream{r: p.text, at: p.from.Offset, head: p.head, src: source{in.key, p.from, in.known}}
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if known := len(s.head); s.at == int64(known) && known < maxHead {
		s.head = append(s.head[:known:known], p[:min(n, maxHead-known)]...)
	}
	s.at += int64(n)
	return n, err
}

// begin returns where the input is before the first line.
func (s *stream) begin() position { return position{source: &s.src, offset: s.src.from.Offset} }

// position returns where the input is after the line that r has returned last.
func (s *stream) position(r *lines.Reader) position {
	tail := r.Last[max(0, len(r.Last)-maxTail):]
	return position{source: &s.src, offset: s.src.from.Offset + r.Offset, head: s.head, end: r.End, tail: bytes.Clone(tail)}
}

// entry returns what a later run has to know of it.
func (p *position) entry() entry {
	e := p.from
	if p.offset > e.Offset {
		e.Offset, e.End, e.Tail = p.offset, p.end, printOf(p.tail)
		e.Head = printOf(p.head[:min(int64(len(p.head)), p.offset)])
	}
	e.Read, e.Torn = p.read, p.torn
	return e
}

// entries returns what a later run has to know of the input.
func (p *position) entries() []entry { return append(slices.Clip(p.others), p.entry()) }
