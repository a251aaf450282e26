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
}

// Follow turns files into inputs that do not end.
func Follow(ctx context.Context, inputs []Input) []Input {
	followed := make([]Input, len(inputs))
	for i, in := range inputs {
		followed[i] = in
		if f, ok := in.Reader.(*os.File); ok {
			followed[i].Reader = &follower{ctx, in.Name, f}
		}
	}
	return followed
}

func (f *follower) Read(p []byte) (int, error) {
	for {
		n, err := f.file.Read(p)
		if n > 0 || err != nil && err != io.EOF {
			return n, err
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
	file, err := os.Open(f.name)
	if err != nil {
		return false
	}
	f.file.Close()
	f.file = file
	return true
}

func (f *follower) Close() error { return f.file.Close() }
