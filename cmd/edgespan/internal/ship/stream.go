package ship

import (
	"bytes"
	"io"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
)

// stream is the text of a piece, which remembers how its file begins.
type stream struct {
	r        io.Reader
	base, at int64 // in the file: where the stream begins, and how far it was read
	src      source
}

// source is a file.
type source struct {
	device, inode uint64
	size          int64  // when it was opened
	head          []byte // what it begins with
}

// maxHead and maxTail bound what a file is recognised by: how it begins, and how the line ends that was read last.
const (
	maxHead = 1024
	maxTail = 256
)

// position is where an input is: behind a line.
type position struct {
	key    string
	src    source
	offset int64
	end    int // bytes of the line's end
	tail   []byte
	whole  bool // it is a compressed file, read to its end
}

func newStream(p piece) *stream {
	s := &stream{r: p.text, at: p.at, base: p.at, src: source{head: p.head}}
	if p.file != nil {
		s.src.device, s.src.inode = fileID(p.file)
		s.src.size = sizeOf(p.file)
	}
	return s
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if known := len(s.src.head); s.at == int64(known) && known < maxHead {
		s.src.head = append(s.src.head[:known:known], p[:min(n, maxHead-known)]...)
	}
	s.at += int64(n)
	return n, err
}

// position returns where the input is after the line that r has returned last.
func (s *stream) position(key string, r *lines.Reader) position {
	tail := r.Last[max(0, len(r.Last)-maxTail):]
	return position{key: key, src: s.src, offset: s.base + r.Offset, end: r.End, tail: bytes.Clone(tail)}
}
