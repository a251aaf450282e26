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

// Reader reads lines. A JSON document of telemetry that is indented, and so spans lines, is returned as one.
type Reader struct {
	// TooLong counts the lines that were left out because they exceed MaxLength.
	TooLong int
	// Offset is how many bytes the lines so far took with their ends: where the next one begins.
	Offset int64
	// Number is that of the last line, from 1; of a document, that of its first.
	Number int
	// Torn tells that the last line had no end, as a line has that is being written, or a document has not come to its end.
	Torn bool
	// End is how many bytes the last line's end took.
	End int
	// Last is the last line, or the last of a document's, as it stands in the input. It is valid until the next call.
	Last []byte

	in   *bufio.Reader
	buf  []byte
	max  int
	read int // lines so far

	// What was read ahead for a document that was none is read again: lines, the first of which begin no document, and then what
	// the input ended with.
	held  []byte
	plain int
	err   error
}

// NewReader returns a Reader of r's lines.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 64<<10), max: MaxLength}
}

// Next returns the next line without its end. The line is valid until the next call. A last line without an end counts.
// The error is io.EOF after the last line, or that of the input; there is no line with it.
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
		return part, nil // the usual case: a line that is in the buffer as a whole
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
