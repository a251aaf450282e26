package ship

import (
	"io"
	"os"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// maxHead and maxTail are how many bytes identify a file: of its beginning, and of the end of the line that was read last.
const (
	maxHead = 16 << 10
	maxTail = 256
)

// kinship is the relation of a file to one that was read.
type kinship uint8

const (
	other  kinship = iota
	copied         // it has what was read, and nothing more
	same           // it is the same file, and may have more
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

// headOf returns the beginning of a file's text.
func headOf(f *os.File) ([]byte, error) {
	text, _, err := textOf(f)
	if err != nil {
		return nil, err
	}
	head, err := io.ReadAll(io.LimitReader(text, maxHead))
	if err == io.ErrUnexpectedEOF { // it is being compressed, or is incomplete for good: this is its beginning
		err = nil
	}
	return head, err
}

// resume goes to the position of entry e in a file that begins as e's file did. It is the same file if the line before that
// position ends as the last line that was read. An empty entry fits any file, at its start.
func resume(f *os.File, head []byte, e entry) (p piece, k kinship, err error) {
	p = piece{file: f, from: e}
	if p.text, p.zipped, err = textOf(f); err != nil || e.Offset == 0 {
		return p, same, err
	}
	tail := make([]byte, e.Tail.Length)
	begin := e.Offset - int64(e.End) - int64(len(tail)) // where the tail begins
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
