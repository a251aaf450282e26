package lines

import (
	"bufio"
	"bytes"
	"io"
)

// MaxLength is the longest line that is read. Log services stop far below it; it bounds the memory that one line takes.
const MaxLength = 16 << 20

// keep is the largest buffer that is kept from one line to the next.
const keep = 1 << 20

// Reader reads lines.
type Reader struct {
	// TooLong counts the lines that were left out because they exceed MaxLength.
	TooLong int
	// Offset is how many bytes the lines so far took with their ends: where the next one begins.
	Offset int64
	// Torn tells that the last line had no end, as a line has that is being written.
	Torn bool
	// End is how many bytes the last line's end took.
	End int

	in  *bufio.Reader
	buf []byte
	max int
}

// NewReader returns a Reader of r's lines.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 64<<10), max: MaxLength}
}

// Next returns the next line without its end. The line is valid until the next call. A last line without an end counts.
// The error is io.EOF after the last line, or that of the input; there is no line with it.
func (r *Reader) Next() ([]byte, error) {
	for {
		line, err := r.next()
		if line != nil || err != nil {
			return line, err
		}
		r.TooLong++
	}
}

// next is Next, but for a line that is too long it returns nothing.
func (r *Reader) next() ([]byte, error) {
	part, err := r.in.ReadSlice('\n')
	r.Offset += int64(len(part))
	r.Torn = false
	if err == nil {
		return r.trimEnd(part), nil // the usual case: a line that is in the buffer as a whole
	}
	if cap(r.buf) > keep {
		r.buf = nil
	}
	r.buf = r.buf[:0]
	fits := true
	for {
		if fits = fits && len(r.buf)+len(part) <= r.max+1; fits {
			r.buf = append(r.buf, part...)
		}
		if err != bufio.ErrBufferFull {
			break
		}
		part, err = r.in.ReadSlice('\n')
		r.Offset += int64(len(part))
	}
	r.Torn = err == io.EOF
	switch {
	case err == nil || err == io.EOF && (len(r.buf) > 0 || !fits):
		if !fits {
			return nil, nil
		}
		return r.trimEnd(r.buf), nil
	default:
		return nil, err
	}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func (r *Reader) trimEnd(line []byte) []byte {
	n := len(line)
	line = bytes.TrimSuffix(line, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	r.End = n - len(line)
	line = bytes.TrimPrefix(line, byteOrderMark)
	if line == nil {
		line = []byte{}
	}
	return line
}
