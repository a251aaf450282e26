package lines

import (
	"bufio"
	"bytes"
	"io"
)

// MaxLength is the length of the longest line that is read. It bounds the memory of one line; log services have far lower limits.
const MaxLength = 16 << 20

// keep is the size of the largest buffer that is reused for the next line.
const keep = 1 << 20

// Reader reads lines. It returns an indented JSON document of telemetry, which spans several lines, as one line.
type Reader struct {
	// TooLong counts the lines that were left out because they exceed MaxLength.
	TooLong int
	// Offset is where the next line begins: the bytes of all lines so far, with their ends.
	Offset int64
	// Number is the number of the last line, from 1; for a document, that of its first line.
	Number int
	// Torn tells that the last line had no end, as a line that is being written, or that a document is incomplete.
	Torn bool
	// End is the number of bytes of the last line's end.
	End int
	// Last is the last line, or the last line of a document, as it is in the input. It is valid until the next call.
	Last []byte

	in   *bufio.Reader
	buf  []byte
	max  int
	read int // number of lines so far

	// Lines that were read ahead for a document that was none are returned again. The first of them begins no document. After them
	// comes the error that the input ended with.
	held  []byte
	plain int
	err   error
}

// NewReader returns a Reader of the lines of r.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 64<<10), max: MaxLength}
}

// Next returns the next line without its end. The line is valid until the next call. A last line without an end counts. The error
// is io.EOF after the last line, or the error of the input; no line comes with an error.
func (r *Reader) Next() ([]byte, error) {
	for {
		line, err := r.line()
		r.Number = r.read
		if err != nil {
			return nil, err
		}
		if r.plain > 0 {
			r.plain--
		} else if opens(line) {
			if text := r.document(line); text != nil {
				return text, nil
			}
			continue
		}
		if line != nil {
			return r.trimEnd(line), nil
		}
		r.TooLong++
	}
}

// line returns the next line with its end, or nothing if it is too long.
func (r *Reader) line() ([]byte, error) {
	line, err := r.rawLine()
	if err == nil {
		r.read++
	}
	return line, err
}

func (r *Reader) rawLine() ([]byte, error) {
	if len(r.held) > 0 {
		n := len(r.held)
		if i := bytes.IndexByte(r.held, '\n'); i >= 0 {
			n = i + 1
		}
		line := r.held[:n]
		r.held = r.held[n:]
		r.Offset += int64(n)
		return line, nil
	}
	if r.err != nil {
		return nil, r.err
	}
	part, err := r.in.ReadSlice('\n')
	r.Offset += int64(len(part))
	if err == nil {
		return part, nil // the usual case: the whole line is in the buffer
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
	switch {
	case !fits && (err == nil || err == io.EOF):
		return nil, nil
	case err == nil || err == io.EOF && len(r.buf) > 0:
		return r.buf, nil
	default:
		return nil, err
	}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func (r *Reader) trimEnd(line []byte) []byte {
	n := len(line)
	line = bytes.TrimSuffix(line, []byte{'\n'})
	r.Torn = len(line) == n
	line = bytes.TrimSuffix(line, []byte{'\r'})
	r.End = n - len(line)
	line = bytes.TrimPrefix(line, byteOrderMark)
	if line == nil {
		line = []byte{}
	}
	r.Last = line
	return line
}
