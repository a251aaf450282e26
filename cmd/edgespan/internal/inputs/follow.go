package inputs

import (
	"context"
	"io"
	"os"
	"time"
)

// PollInterval is how often a followed file is looked at.
const PollInterval = 150 * time.Millisecond

// Follower reads a file, and at its end waits for more until ctx ends. A file that is cut short is read from its start,
// and one that was replaced under its name is followed to the new one: log rotation does either.
type Follower struct {
	// Began, if set, is told of each file that is read after the first, and where in the stream it begins: bytes that were read
	// before it.
	Began func(f *os.File, at int64)

	ctx  context.Context
	name string
	file *os.File
	next *os.File // what is at the name now, to be read after file's end
	open bool     // what was read last is within a line
	read int64
}

// NewFollower returns a Follower of a file that is open under its name, from where it stands.
func NewFollower(ctx context.Context, name string, file *os.File) *Follower {
	return &Follower{ctx: ctx, name: name, file: file}
}

// Follow turns files into inputs that do not end.
func Follow(ctx context.Context, inputs []Input) []Input {
	followed := make([]Input, len(inputs))
	for i, in := range inputs {
		followed[i] = in
		if f, ok := in.Reader.(*os.File); ok {
			followed[i].Reader = NewFollower(ctx, in.Name, f)
		}
	}
	return followed
}

// Read returns io.EOF when ctx has ended, and never before.
func (f *Follower) Read(p []byte) (int, error) {
	n, err := f.readOn(p)
	f.read += int64(n)
	return n, err
}

func (f *Follower) readOn(p []byte) (int, error) {
	for {
		n, err := f.file.Read(p)
		if n > 0 {
			f.open = p[n-1] != '\n'
		}
		if n > 0 || err != nil && err != io.EOF || len(p) == 0 {
			return n, err
		}
		if f.next != nil {
			_ = f.file.Close()
			f.file, f.next = f.next, nil
			if n := f.begin(p); n > 0 {
				return n, nil
			}
			continue
		}
		switch again, anew := f.renew(); {
		case anew:
			if n := f.begin(p); n > 0 {
				return n, nil
			}
			continue
		case again:
			continue
		}
		select {
		case <-f.ctx.Done():
			return 0, io.EOF
		case <-time.After(PollInterval):
		}
	}
}

// begin tells that another file follows. A last line of the file before that has no end gets one, so that none of the new one's is
// glued to it.
func (f *Follower) begin(p []byte) (n int) {
	if f.open {
		f.open, p[0], n = false, '\n', 1
	}
	if f.Began != nil {
		f.Began(f.file, f.read+int64(n))
	}
	return n
}

// renew tells whether there is something to read after all, and whether that is the file from its start.
func (f *Follower) renew() (again, anew bool) {
	at, err := f.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return false, false
	}
	mine, err := f.file.Stat()
	if err != nil {
		return false, false
	}
	if mine.Size() < at {
		_, err := f.file.Seek(0, io.SeekStart)
		return err == nil, err == nil
	}
	named, err := os.Stat(f.name)
	if err != nil || os.SameFile(mine, named) {
		return false, false // while it is away, it may come back
	}
	// The old file may have grown since its end was seen, so it is read once more before the new one.
	f.next, err = os.Open(f.name)
	return err == nil, false
}

// Close closes what is open.
func (f *Follower) Close() error {
	if f.next != nil {
		_ = f.next.Close()
	}
	return f.file.Close()
}
