package ship

import (
	"io"
	"os"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
)

// stream is the text of an input, which knows where in which file it is: a file that is followed may become another.
type stream struct {
	r     io.Reader
	pos   int64 // bytes read
	marks []mark
}

// mark is where a file begins.
type mark struct {
	at    int64 // in the stream
	base  int64 // in the file
	src   *source
	glued bool // the byte before it is no file's: it ends a torn line
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
	src := &source{head: p.head}
	if p.file != nil {
		src.device, src.inode = fileID(p.file)
		src.size = sizeOf(p.file)
	}
	return &stream{r: p.text, marks: []mark{{base: p.at, src: src}}}
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	m := &s.marks[len(s.marks)-1]
	if known := int64(len(m.src.head)); s.pos >= m.at && known < maxHead && s.pos-m.at+m.base == known {
		m.src.head = append(m.src.head[:known:known], p[:min(n, int(maxHead-known))]...)
	}
	s.pos += int64(n)
	return n, err
}

// began is for a Follower.
func (s *stream) began(f *os.File, at int64) {
	src := &source{}
	src.device, src.inode = fileID(f)
	s.marks = append(s.marks, mark{at: at, src: src, glued: at > s.pos})
}

// position returns where the input is after the line that r has returned last.
func (s *stream) position(key string, r *lines.Reader) position {
	for len(s.marks) > 1 && s.marks[1].at < r.Offset {
		s.marks = s.marks[1:]
	}
	m := s.marks[0]
	p := position{key: key, src: *m.src, offset: m.base + r.Offset - m.at, end: r.End}
	if len(s.marks) > 1 && s.marks[1].at == r.Offset && s.marks[1].glued {
		p.offset--
		p.end--
	}
	p.tail = append(p.tail, r.Last[max(0, len(r.Last)-maxTail):]...)
	return p
}
