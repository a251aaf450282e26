package ship

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// plan finds out what is to be read of each input, as far as ctx lasts. The errors are of those that can not be read.
func plan(ctx context.Context, cfg *Config, book *checkpoint) (all []*input, errs []error) {
	seen := map[string]bool{}
	for _, name := range cfg.Files {
		in, err := planFile(ctx, cfg, book, name)
		switch {
		case err != nil:
			if errs = append(errs, err); ctx.Err() != nil {
				return all, errs
			}
		case in.key == "" || !seen[in.key]:
			seen[in.key] = true
			all = append(all, in)
		}
	}
	return all, errs
}

func planFile(ctx context.Context, cfg *Config, book *checkpoint, name string) (*input, error) {
	if name == inputs.Stdin {
		return &input{name: "stdin", pieces: []piece{{text: inputs.UnzipLater(cfg.Pipe)}}}, nil
	}
	f, err := inputs.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	in := &input{name: name}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		in.pieces = []piece{{file: f, text: inputs.UnzipLater(f)}}
		return in, err
	}
	if in.key, err = filepath.Abs(name); err != nil {
		return nil, err
	}
	e, known := book.File.Files[in.key]
	if !known && cfg.AtEnd && !inputs.IsCompressed(f) {
		at, err := atEnd(in.key, f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		in.at = entryOf(&at)
		in.pieces = []piece{{file: f, text: f, at: at.offset, head: at.src.head, last: true}}
		return in, book.move(map[string]position{in.key: at}) // so that the next run goes on there even if this one reads nothing
	}
	if device, inode := fileID(f); e.Whole && sizeOf(f) == e.Size && device == e.Device && inode == e.Inode {
		_ = f.Close()
		return in, nil // nothing is added to a compressed file but that it grows, so it need not be read again to know
	}
	in.at = e
	in.pieces, err = in.rest(ctx, cfg, f, true)
	return in, err
}

// rest returns what is to be read from where the input is: of f, which has its name now, and before that of what was rotated. loses tells
// that without what was rotated there is a gap.
func (in *input) rest(ctx context.Context, cfg *Config, f *os.File, loses bool) (pieces []piece, err error) {
	defer func() {
		if err != nil {
			_ = f.Close()
			closeAll(pieces)
			pieces, err = nil, fmt.Errorf("%s: %w", in.name, err)
		}
	}()
	p, ok, err := resume(f, in.at)
	if err != nil {
		return nil, err
	}
	if !ok {
		now, err := f.Stat()
		if err != nil {
			return nil, err
		}
		pieces = rotated(ctx, in.key, in.at, now)
		switch n := len(pieces); {
		case ctx.Err() != nil: // what was not looked at may be what is looked for
			return pieces, ErrStopped
		case n > 0 && now.Size() == 0 && !pieces[n-1].zipped: // whoever writes may still have the old one open
			_ = f.Close()
			pieces[n-1].last = true
			return pieces, nil
		case n == 0 && loses:
			what := "replaced"
			if device, inode := fileID(f); device == in.at.Device && inode == in.at.Inode && now.Size() < in.at.Offset {
				what = "cut short"
			}
			cfg.Console.Note(fmt.Sprintf("%s was %s since it was read, and the rest of what it was is not to be found beside it: it is read from its start", in.name, what))
		}
		if p, _, err = resume(f, entry{}); err != nil {
			return pieces, err
		}
	}
	p.last = true
	return append(pieces, p), nil
}

func sizeOf(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// resume returns the file from where e says, if it is the file that e is of: if it begins as that did, and the line before that place
// ends as the last one that was read. An empty entry is any file, from its start.
func resume(f *os.File, e entry) (p piece, ok bool, err error) {
	p = piece{file: f, text: f, at: e.Offset, zipped: inputs.IsCompressed(f)}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return p, false, err
	}
	if p.zipped {
		if p.text, err = inputs.Unzip(f); err != nil {
			return p, false, err
		}
	}
	if e.Offset == 0 {
		return p, true, nil
	}
	head := make([]byte, e.Head.Length)
	tail := make([]byte, e.Tail.Length)
	skipped := e.Offset - int64(e.End) - int64(len(tail)) - int64(len(head))
	if len(head) > maxHead || len(tail) > maxTail || skipped < 0 {
		return p, false, nil // the entry is no entry
	}
	if _, err := io.ReadFull(p.text, head); err != nil || printOf(head) != e.Head {
		return p, false, nil
	}
	if p.zipped {
		_, err = io.CopyN(io.Discard, p.text, skipped)
	} else {
		_, err = f.Seek(skipped, io.SeekCurrent)
	}
	if err != nil {
		return p, false, nil
	}
	if _, err := io.ReadFull(p.text, tail); err != nil || printOf(tail) != e.Tail {
		return p, false, nil
	}
	if _, err := io.CopyN(io.Discard, p.text, int64(e.End)); err != nil {
		return p, false, nil
	}
	p.head = head
	return p, true, nil
}

// atEnd goes to the end of a file, or to where its last line begins if that has no end, and returns where that is.
func atEnd(key string, f *os.File) (position, error) {
	at, err := lastLine(f)
	p := position{key: key, src: source{size: sizeOf(f), head: make([]byte, min(at, maxHead))}, offset: at}
	p.src.device, p.src.inode = fileID(f)
	if err != nil || at == 0 {
		return p, err
	}
	p.end = 1
	p.tail = make([]byte, min(at-1, maxTail)) // before the line's end
	if _, err = f.ReadAt(p.src.head, 0); err == nil && len(p.tail) > 0 {
		_, err = f.ReadAt(p.tail, at-1-int64(len(p.tail)))
	}
	return p, err
}

// lastLine goes to where the last line of a file begins that has no end, or to the file's end.
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
		for i := n - 1; i >= 0; i-- {
			if c[i] == '\n' {
				return f.Seek(from+int64(i)+1, io.SeekStart)
			}
		}
		at = from
	}
	return f.Seek(0, io.SeekStart)
}
