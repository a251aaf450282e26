package ship

import (
	"bytes"
	"io"
	"os"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// maxHead and maxTail bound what a file is recognised by: how it begins, and how the line ends that was read last.
const (
	maxHead = 16 << 10
	maxTail = 256
)

// kinship is what a file has to do with one that was read.
type kinship uint8

const (
	other  kinship = iota
	copied         // of what was read, and has no more
	same           // and may have more
)

// textOf returns the text of a file, from its start.
func textOf(f *os.File) (text io.Reader, zipped bool, err error) {
	zipped = inputs.IsCompressed(f)
	if _, err = f.Seek(0, io.SeekStart); err == nil && zipped {
		text, err = inputs.Unzip(f)
		return text, zipped, err
	}
	return inputs.NewSteady(f), zipped, err
}

// headOf returns how a file's text begins.
func headOf(f *os.File) ([]byte, error) {
	text, _, err := textOf(f)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(text, maxHead))
	if err == io.ErrUnexpectedEOF { // it is being compressed, or will never be whole: what there is is its beginning
		err = nil
	}
	return head, err
}

// resume goes to where a file was read to that begins as the one that e is of, if it is that: if the line before that place ends as the last
// one that was read. An empty entry is any file, from its start.
func resume(f *os.File, head []byte, e entry) (p piece, k kinship, err error) {
	p = piece{file: f, from: e}
	if p.text, p.zipped, err = textOf(f); err != nil || e.Offset == 0 {
		return p, same, err
	}
	tail := make([]byte, min(e.Tail.Length, maxTail))
	begin := e.Offset - int64(e.End) - int64(len(tail)) // of the tail
	if begin < 0 {
		return p, other, nil // the entry is no entry
	}
	text := p.text
	if p.zipped {
		_, err = io.CopyN(io.Discard, text, begin)
	} else {
		text = f
		_, err = f.Seek(begin, io.SeekStart)
	}
	if err == nil {
		_, err = io.ReadFull(text, tail)
	}
	if end := make([]byte, e.End); err == nil {
		_, err = io.ReadFull(text, end)
	}
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return p, copied, nil
	case err != nil || printOf(tail) != e.Tail:
		return p, other, err
	}
	if !p.zipped {
		p.text = inputs.NewSteady(f)
	}
	p.head = head[:e.Head.Length]
	return p, same, nil
}

// endOf returns an entry for a file that is not to be read: where it ends, or its last line begins if that has no end.
func endOf(f *os.File) (entry, error) {
	e := entry{Read: true}
	info, err := f.Stat()
	if err != nil {
		return e, err
	}
	e.see(info)
	head, err := headOf(f)
	if err != nil || len(head) == 0 {
		return e, err
	}
	if e.Head = printOf(head); inputs.IsCompressed(f) {
		return e, nil
	}
	at, err := lastLine(f)
	e.Offset, e.Head = at, printOf(head[:min(int64(len(head)), at)])
	if err != nil || at == 0 {
		return e, err
	}
	e.End = 1
	tail := make([]byte, min(at-1, maxTail)) // before the line's end
	_, err = f.ReadAt(tail, at-1-int64(len(tail)))
	e.Tail = printOf(tail)
	return e, err
}

// lastLine returns where the last line of a file begins that has no end, or the file's end.
func lastLine(f *os.File) (int64, error) {
	at, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	c := make([]byte, 4096)
	for at > 0 {
		from := max(0, at-int64(len(c)))
		n, err := f.ReadAt(c[:at-from], from)
		if err != nil && err != io.EOF {
			return 0, err
		}
		if i := bytes.LastIndexByte(c[:n], '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		at = from
	}
	return 0, nil
}
