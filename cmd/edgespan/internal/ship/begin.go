package ship

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// begin records every file that exists before reading starts as already read, because nothing in them is to be read. The file with
// the input's name is left out, unless it is to be read from its end.
func (in *input) begin(ctx context.Context, atEnd bool) error {
	for range maxLooks {
		in.known = nil
		found, _ := in.find() // look reports the error
		for _, b := range found {
			f, err := b.file(ctx)
			if err != nil {
				if !b.named && !errors.Is(err, errMoved) { // it must not be read when it becomes readable
					e := entry{Read: true}
					e.see(b.info)
					in.known = append(in.known, e)
				}
				continue
			}
			if !b.named || atEnd && !inputs.IsCompressed(f) {
				e, err := endOf(f)
				if err != nil && b.named {
					_ = f.Close()
					return err
				}
				in.known = append(in.known, e)
			}
			_ = f.Close()
		}
		if again, _ := in.find(); slices.EqualFunc(found, again, isSame) {
			break
		}
		time.Sleep(betweenLooks)
	}
	return ctx.Err()
}

// endOf returns an entry for a file whose content is not to be read: up to its end, or up to the start of its last line if that
// line has no end.
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
	tail := make([]byte, min(at-1, maxTail)) // before the end of the line
	_, err = f.ReadAt(tail, at-1-int64(len(tail)))
	e.Tail = printOf(tail)
	return e, err
}

// lastLine returns where the last line begins if it has no end, or else the end of the file.
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
