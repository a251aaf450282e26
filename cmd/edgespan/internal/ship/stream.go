package ship

import (
	"bytes"
	"io"
	"slices"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
)

// stream is the text of a piece. It keeps the beginning of its file.
type stream struct {
	r    io.Reader
	src  source
	at   int64  // how far the file was read
	head []byte // the beginning of the text that was read
}

// source is the file or pipe that is read.
type source struct {
	key    string  // the input's name in the checkpoint
	from   entry   // the entry from which reading continues
	others []entry // the files beside it
}

// position is the end of a line in an input.
type position struct {
	*source
	offset int64
	head   []byte
	end    int // bytes of the end of the line
	tail   []byte
	read   bool // the file was read to its end
	torn   bool // except a last line without an end
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

// begin returns the position before the first line.
func (s *stream) begin() position { return position{source: &s.src, offset: s.src.from.Offset} }

// position returns the position after the line that r returned last.
func (s *stream) position(r *lines.Reader) position {
	tail := r.Last[max(0, len(r.Last)-maxTail):]
	return position{source: &s.src, offset: s.src.from.Offset + r.Offset, head: s.head, end: r.End, tail: bytes.Clone(tail)}
}

// entry returns what a later run needs to know about the file.
func (p *position) entry() entry {
	e := p.from
	if p.offset > e.Offset {
		e.Offset, e.End, e.Tail = p.offset, p.end, printOf(p.tail)
		e.Head = printOf(p.head[:min(int64(len(p.head)), p.offset)])
	}
	e.Read, e.Torn = p.read, p.torn
	return e
}

// entries returns what a later run needs to know about the input.
func (p *position) entries() []entry { return append(slices.Clip(p.others), p.entry()) }
