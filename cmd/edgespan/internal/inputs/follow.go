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

// Steady reads a file from where it stands to its end, as long as what it has read last is still there: log rotation may copy a file and cut
// it short at any time, and by its length alone that is not known once it has grown.
type Steady struct {
	file *os.File
	at   int64  // in the file
	last []byte // what stands before that
}

// NewSteady returns a Steady of a file.
func NewSteady(file *os.File) *Steady {
	s := &Steady{file: file}
	if at, err := file.Seek(0, io.SeekCurrent); err == nil { // a pipe has no places
		s.at, s.last = at, make([]byte, min(at, maxLast))
		n, _ := file.ReadAt(s.last, at-int64(len(s.last)))
		s.last = s.last[:n]
	}
	return s
}

// maxLast is by how many bytes a file is known again.
const maxLast = 128

// Read returns io.EOF at the file's end, and where it was cut short.
func (s *Steady) Read(p []byte) (int, error) {
	if s.isCut() {
		return 0, io.EOF
	}
	n, err := s.file.Read(p)
	s.at += int64(n)
	s.last = append(s.last, p[max(0, n-maxLast):n]...)
	s.last = append(s.last[:0], s.last[max(0, len(s.last)-maxLast):]...)
	return n, err
}

func (s *Steady) isCut() bool {
	if len(s.last) == 0 {
		return false
	}
	now := make([]byte, len(s.last))
	_, err := s.file.ReadAt(now, s.at-int64(len(now)))
	return err == io.EOF || err == nil && !bytes.Equal(now, s.last)
}

// tail reads a file from where it stands, and at its end waits for more: until ctx ends, or until the file is no more what its name stands
// for. Log rotation gives it another name, or copies it and cuts it short.
type tail struct {
	*Steady
	over bool // with io.EOF, that the rest is to be looked for under the name. A file that was replaced has been read to its end by then

	ctx      context.Context
	name     string
	replaced bool // the name stands for another file
}

// Read returns io.EOF when ctx has ended or the file is over, and never before.
func (t *tail) Read(p []byte) (int, error) {
	for {
		n, err := t.Steady.Read(p)
		if n > 0 || err != nil && err != io.EOF || len(p) == 0 {
			return n, err
		}
		if t.over = t.replaced || t.isCut(); t.over {
			return 0, io.EOF
		}
		if t.replaced = t.isReplaced(); t.replaced {
			continue // the old file may have grown since its end was seen
		}
		if !Pause(t.ctx, PollInterval) {
			return 0, io.EOF
		}
	}
}

func newTail(ctx context.Context, name string, file *os.File) *tail {
	return &tail{Steady: NewSteady(file), ctx: ctx, name: name}
}

// isReplaced tells whether another file has the name, and something in it: while that is empty, whoever writes may still have the old one
// open. While there is none, it may come back.
func (t *tail) isReplaced() bool {
	mine, err := t.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(t.name)
	return err == nil && named.Size() > 0 && !os.SameFile(mine, named)
}

// Pause waits for the next look, and tells whether there is to be one before ctx ends.
func Pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// reopen opens what a name stands for now, from its start. It waits while that cannot be opened, until ctx ends.
func reopen(ctx context.Context, name string) (*os.File, error) {
	for {
		f, err := open(name)
		if err == nil || !Pause(ctx, PollInterval) {
			return f, err
		}
	}
}

// Follow turns files into inputs that do not end: a file that is over goes on with what its name stands for.
func Follow(ctx context.Context, inputs []Input) []Input {
	followed := make([]Input, len(inputs))
	for i, in := range inputs {
		followed[i] = in
		if f, ok := in.Reader.(*os.File); ok {
			followed[i].Reader = &follower{tail: newTail(ctx, in.Name, f)}
		}
	}
	return followed
}

type follower struct {
	*tail
	torn bool // what was read last is within a line
}

// Read returns io.EOF when ctx has ended, and never before. A last line of a file that has no end gets one where another file follows, so
// that none of that is glued to it.
func (f *follower) Read(p []byte) (int, error) {
	for {
		n, err := f.tail.Read(p)
		if n > 0 {
			f.torn = p[n-1] != '\n'
		}
		if !f.over {
			return n, err
		}
		next, err := reopen(f.ctx, f.name)
		if err != nil {
			return 0, io.EOF // ctx has ended
		}
		_ = f.file.Close()
		if f.tail = newTail(f.ctx, f.name, next); f.torn {
			f.torn, p[0] = false, '\n'
			return 1, nil
		}
	}
}

func (f *follower) Close() error { return f.file.Close() }
