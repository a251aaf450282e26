package inputs

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"time"
)

// PollInterval is how often a followed file is checked.
const PollInterval = 150 * time.Millisecond

// Steady reads a file from its current position to its end, as long as the bytes that it read last are still there. Log rotation
// may copy a file and truncate it at any time. The length alone does not show that, once the file has grown again.
type Steady struct {
	file *os.File
	at   int64  // position in the file
	last []byte // the bytes before that position
}

// NewSteady returns a Steady for a file.
func NewSteady(file *os.File) *Steady {
	s := &Steady{file: file}
	if at, err := file.Seek(0, io.SeekCurrent); err == nil { // a pipe has no positions
		s.at, s.last = at, make([]byte, min(at, maxLast))
		n, _ := file.ReadAt(s.last, at-int64(len(s.last)))
		s.last = s.last[:n]
	}
	return s
}

// maxLast is how many bytes are compared.
const maxLast = 128

// Read returns io.EOF at the end of the file, and if the file was truncated.
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

// tail reads a file from its current position, and at its end waits for more, until ctx ends or the file is over: log rotation has
// renamed it, or has copied and truncated it.
type tail struct {
	*Steady
	over bool // set with io.EOF: continue with the file that has the name now. A file that was replaced has been read to its end

	ctx      context.Context
	name     string
	replaced bool // another file has the name
}

// Read returns io.EOF only when ctx has ended or the file is over.
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
			continue // the old file may have grown since its end was reached
		}
		if !Pause(t.ctx, PollInterval) {
			return 0, io.EOF
		}
	}
}

func newTail(ctx context.Context, name string, file *os.File) *tail {
	return &tail{Steady: NewSteady(file), ctx: ctx, name: name}
}

// isReplaced tells whether another file has the name, and is not empty. While the new file is empty, the writer may still have the
// old one open. While no file has the name, the old one may get it back.
func (t *tail) isReplaced() bool {
	mine, err := t.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(t.name)
	return err == nil && named.Size() > 0 && !os.SameFile(mine, named)
}

// Pause waits for d. It returns false if ctx ends first.
func Pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// reopen opens the file that has the name now, at its start. It waits while that is not possible, until ctx ends.
func reopen(ctx context.Context, name string) (*os.File, error) {
	for {
		f, err := open(name)
		if err == nil || !Pause(ctx, PollInterval) {
			return f, err
		}
	}
}

// Follow turns files into inputs that do not end: when a file is over, its input continues with the file that has the name now.
func Follow(ctx context.Context, inputs []Input) []Input {
	followed := make([]Input, len(inputs))
	for i, in := range inputs {
		followed[i] = in
		if f, ok := in.Reader.(*os.File); ok {
			followed[i].Reader = &follower{tail: newTail(ctx, in.Name, f), rotated: rotatedOf(in.Name)}
		}
	}
	return followed
}

// follower reads one file after the other that had a name.
type follower struct {
	*tail
	rotated []Rotated // the files beside it when it was opened
	next    []*os.File
	torn    bool // the last byte that was read is inside a line
}

// Read returns io.EOF only when ctx has ended. If a file is over and its last line has no end, it adds one, so that the next file's
// first line is not joined to it.
func (f *follower) Read(p []byte) (int, error) {
	for {
		n, err := f.tail.Read(p)
		if n > 0 {
			f.torn = p[n-1] != '\n'
		}
		if !f.over {
			return n, err
		}
		if !f.advance() {
			return 0, io.EOF // ctx has ended
		}
		if f.torn {
			f.torn, p[0] = false, '\n'
			return 1, nil
		}
	}
}

// advance goes on to the next file. It returns false if ctx ends first.
func (f *follower) advance() bool {
	if len(f.next) == 0 {
		named, err := reopen(f.ctx, f.name)
		if err != nil {
			return false
		}
		rotated := rotatedOf(f.name)
		if f.replaced {
			f.next = f.missed(rotated, named)
		}
		f.rotated, f.next = rotated, append(f.next, named)
	}
	_ = f.file.Close()
	f.tail = newTail(f.ctx, f.name, f.next[0])
	f.next = f.next[1:]
	f.replaced = len(f.next) > 0
	return true
}

// missed opens the files that had the name between the one that was read and the one that has it now: those that log rotation has made
// since, the oldest first.
func (f *follower) missed(rotated []Rotated, named *os.File) (files []*os.File) {
	known := make([]os.FileInfo, 0, len(f.rotated)+2)
	for _, r := range f.rotated {
		known = append(known, r.Info)
	}
	for _, file := range []*os.File{f.file, named} {
		if info, err := file.Stat(); err == nil {
			known = append(known, info)
		}
	}
	for _, r := range rotated {
		if slices.ContainsFunc(known, func(k os.FileInfo) bool { return os.SameFile(k, r.Info) }) {
			continue
		}
		if file, err := open(r.Path); err == nil {
			if IsCompressed(file) { // most likely it is one of those that were read
				_ = file.Close()
				continue
			}
			files = append(files, file)
		}
	}
	return files
}

// rotatedOf returns the files that log rotation may have made of those that had a name.
func rotatedOf(name string) []Rotated {
	found := FindRotated(name, func(folder string) (names []string) {
		list, _ := os.ReadDir(folder) // sorted
		for _, d := range list {
			names = append(names, d.Name())
		}
		return names
	})
	for _, r := range found {
		os.SameFile(r.Info, r.Info) // Windows looks now, and no more later, which file it is
	}
	return found
}

func (f *follower) Close() error {
	for _, file := range f.next {
		_ = file.Close()
	}
	return f.file.Close()
}
