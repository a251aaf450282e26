package ship

import (
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
	tail := make([]byte, e.Tail.Length)
	begin := e.Offset - int64(e.End) - int64(len(tail)) // of the tail
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
