package inputs

import (
	"bytes"
	"context"
	"io"
	"os"
	"time"
)

// PollInterval is how often a followed file is looked at.
const PollInterval = 150 * time.Millisecond

// Tail reads a file from where it stands, and at its end waits for more: until ctx ends, or until the file is no more what its name stands
// for. Log rotation gives it another name, or copies it and cuts it short.
type Tail struct {
	// Over tells, with io.EOF, that the rest is to be looked for under the name. A file that was replaced has been read to its end by then.
	Over bool
	// Cut tells that the file is Over for it was cut short: what it had got since it was read is gone.
	Cut bool

	ctx      context.Context
	name     string
	file     *os.File
	replaced bool   // the name stands for another file
	at       int64  // in the file
	last     []byte // what stands before that
}

// NewTail returns a Tail of a file that is open under its name.
func NewTail(ctx context.Context, name string, file *os.File) *Tail {
	t := &Tail{ctx: ctx, name: name, file: file}
	if at, err := file.Seek(0, io.SeekCurrent); err == nil { // a pipe has no places
		t.at, t.last = at, make([]byte, min(at, maxLast))
		n, _ := file.ReadAt(t.last, at-int64(len(t.last)))
		t.last = t.last[:n]
	}
	return t
}

// maxLast is by how many bytes a file is known again.
const maxLast = 128

// Read returns io.EOF when ctx has ended or the file is Over, and never before.
func (t *Tail) Read(p []byte) (int, error) {
	for {
		if t.Cut = t.isCut(); t.Cut {
			t.Over = true
			return 0, io.EOF
		}
		n, err := t.file.Read(p)
		if n > 0 || err != nil && err != io.EOF || len(p) == 0 {
			t.at += int64(n)
			t.last = append(t.last, p[max(0, n-maxLast):n]...)
			t.last = append(t.last[:0], t.last[max(0, len(t.last)-maxLast):]...)
			return n, err
		}
		if t.Over = t.replaced; t.Over {
			return 0, io.EOF
		}
		if t.replaced = t.isReplaced(); t.replaced {
			continue // the old file may have grown since its end was seen
		}
		if !pause(t.ctx) {
			return 0, io.EOF
		}
	}
}

// isCut tells whether what was read last is no longer there. By its length alone a file that was cut short is not known once it has grown.
func (t *Tail) isCut() bool {
	if len(t.last) == 0 {
		return false
	}
	now := make([]byte, len(t.last))
	_, err := t.file.ReadAt(now, t.at-int64(len(now)))
	return err == io.EOF || err == nil && !bytes.Equal(now, t.last)
}

// isReplaced tells whether another file has the name, and something in it: while that is empty, whoever writes may still have the old one
// open. While there is none, it may come back.
func (t *Tail) isReplaced() bool {
	mine, err := t.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(t.name)
	return err == nil && named.Size() > 0 && !os.SameFile(mine, named)
}

// pause waits for the next look, and tells whether there is to be one.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(PollInterval):
		return true
	}
}

// Reopen opens what a name stands for now, from its start. It waits while that can not be opened, until ctx ends.
func Reopen(ctx context.Context, name string) (*os.File, error) {
	for {
		f, err := open(name)
		if err == nil || !pause(ctx) {
			return f, err
		}
	}
}

// Follow turns files into inputs that do not end: a file that is Over goes on with what its name stands for.
func Follow(ctx context.Context, inputs []Input) []Input {
	followed := make([]Input, len(inputs))
	for i, in := range inputs {
		followed[i] = in
		if f, ok := in.Reader.(*os.File); ok {
			followed[i].Reader = &follower{Tail: NewTail(ctx, in.Name, f)}
		}
	}
	return followed
}

type follower struct {
	*Tail
	torn bool // what was read last is within a line
}

// Read returns io.EOF when ctx has ended, and never before. A last line of a file that has no end gets one where another file follows, so
// that none of that is glued to it.
func (f *follower) Read(p []byte) (int, error) {
	for {
		n, err := f.Tail.Read(p)
		if n > 0 {
			f.torn = p[n-1] != '\n'
		}
		if !f.Over {
			return n, err
		}
		next, err := Reopen(f.ctx, f.name)
		if err != nil {
			return 0, io.EOF // ctx has ended
		}
		_ = f.file.Close()
		if f.Tail = NewTail(f.ctx, f.name, next); f.torn {
			f.torn, p[0] = false, '\n'
			return 1, nil
		}
	}
}

func (f *follower) Close() error { return f.file.Close() }
