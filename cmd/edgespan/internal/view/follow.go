package view

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

var errIsDir = errors.New("is a directory")

// pollInterval is how often a followed file is looked at.
const pollInterval = 150 * time.Millisecond

// follower reads a file, and at its end waits for more until ctx ends. A file that is cut short is read from its start,
// and one that was replaced under its name is followed to the new one: log rotation does either.
type follower struct {
	ctx  context.Context
	name string
	file *os.File
	next *os.File // what is at the name now, to be read after file's end
	open bool     // what was read last is within a line
}

// Follow turns files into inputs that do not end.
func Follow(ctx context.Context, inputs []Input) []Input {
	followed := make([]Input, len(inputs))
	for i, in := range inputs {
		followed[i] = in
		if f, ok := in.Reader.(*os.File); ok {
			followed[i].Reader = &follower{ctx: ctx, name: in.Name, file: f}
		}
	}
	return followed
}

func (f *follower) Read(p []byte) (int, error) {
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
			if f.open { // the last line of the old file has no end, and none of the new one's is glued to it
				f.open, p[0] = false, '\n'
				return 1, nil
			}
			continue
		}
		if f.renew() {
			continue
		}
		select {
		case <-f.ctx.Done():
			return 0, io.EOF
		case <-time.After(pollInterval):
		}
	}
}

// renew tells whether there is something to read after all.
func (f *follower) renew() bool {
	at, err := f.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return false
	}
	mine, err := f.file.Stat()
	if err != nil {
		return false
	}
	if mine.Size() < at {
		_, err := f.file.Seek(0, io.SeekStart)
		return err == nil
	}
	named, err := os.Stat(f.name)
	if err != nil || os.SameFile(mine, named) {
		return false // while it is away, it may come back
	}
	// The old file may have grown since its end was seen, so it is read once more before the new one.
	f.next, err = os.Open(f.name)
	return err == nil
}

func (f *follower) Close() error {
	if f.next != nil {
		_ = f.next.Close()
	}
	return f.file.Close()
}
