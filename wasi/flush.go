package wasi

import (
	"bytes"
	"context"
	"errors"
	"os"
	"time"

	"github.com/edgespan/edgespan/sdk/batch"
)

var errNoSink = errors.New("wasi: Config.Sink is missing, so there is nowhere to send to")

// Flush sends what is in the file and its parts, and clears what was sent. It stops at the first part that has to be tried
// again, and returns that error; all that was not sent is there for the next Flush. What the receiver has refused for good
// is cleared as well, counted, and an error. One Flush runs at a time; the others wait for it, until their ctx is done.
func (f *File) Flush(ctx context.Context) error {
	if f == nil {
		return nil
	}
	if f.config.Sink == nil {
		return errNoSink
	}
	select {
	case f.flushing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-f.flushing }()
	if err := f.takeWritten(); err != nil {
		return err
	}
	parts, err := f.parts()
	if err != nil {
		return unlessGone(err) // a folder that is not there holds no spans
	}
	var refused error
	for _, p := range parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		name, err := f.claim(p)
		if err != nil {
			return err
		}
		if name == "" {
			continue
		}
		unsent, err := f.send(ctx, name, p)
		if unsent {
			return err
		}
		if refused == nil {
			refused = err
		}
	}
	return refused
}

// takeWritten makes a part of the file, where there is something in it.
func (f *File) takeWritten() error {
	info, err := os.Stat(f.path)
	switch {
	case err != nil: // there is none
		return nil
	case info.IsDir(): // somebody's, who would look for it
		return errName
	case info.Mode().IsRegular() && info.Size() > 0:
		return f.take()
	}
	return nil
}

// send sends a part that is ours by that name, and removes it, or what was sent of it: unsent says that some of it is left. What is left
// keeps the part's place among the others.
func (f *File) send(ctx context.Context, name string, p part) (unsent bool, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return !os.IsNotExist(err), unlessGone(err)
	}
	sink := batch.Guard(f.config.Sink)
	lines, spans, torn := wholeLines(data, sink.Count)
	var r batch.Result
	if len(lines) > 0 {
		r = sink.Send(ctx, lines)
	}
	left := lines[r.Lines:]
	free := f.newPartName(p.at, waits)
	if len(left) > 0 && r.Lines+torn == 0 {
		err = os.Rename(name, free) // as it is
	} else {
		err = f.clear(name, free, left)
	}
	if err != nil {
		return true, err
	}
	settled := 0
	for _, n := range spans[:r.Lines] {
		settled += n
	}
	rejected := min(r.Rejected, settled)
	f.mu.Lock()
	f.stats.SentSpans += uint64(settled - rejected)
	f.stats.RejectedSpans += uint64(rejected)
	f.stats.TornLines += uint64(torn)
	f.mu.Unlock()
	return len(left) > 0, r.Err
}

// wholeLines returns the lines of a part that have spans, with how many each has, and the number of those that were torn.
func wholeLines(data []byte, count func(line []byte) int) (lines [][]byte, spans []int, torn int) {
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\r\n")
		n := count(line)
		if n == 0 && len(line) > 0 {
			torn++
			line = afterTorn(line)
			n = count(line)
		}
		if n > 0 {
			lines, spans = append(lines, line), append(spans, n)
		}
	}
	return lines, spans, torn
}

// lineStart is how the encoder begins each line. Within a line's strings its quotes are escaped.
var lineStart = []byte(`{"resourceSpans":`)

// afterTorn returns the whole line that follows a torn one without a line's end between them, if there is one: its writer had
// looked before the other one died, and wrote afterwards.
func afterTorn(line []byte) []byte {
	return line[max(bytes.LastIndex(line, lineStart), 0):]
}

// clear replaces a part that is ours by the lines that are left of it, under another name.
func (f *File) clear(name, free string, left [][]byte) error {
	if len(left) == 0 {
		return unlessGone(os.Remove(name))
	}
	data := append(bytes.Join(left, []byte{'\n'}), '\n')
	written := f.newPartName(time.Now(), rest)
	if err := os.WriteFile(written, data, 0o644); err != nil {
		// No room: the whole of it stays, and what was sent is sent again.
		_ = os.Remove(written)
		return os.Rename(name, free)
	}
	if err := os.Rename(written, free); err != nil {
		return err
	}
	return unlessGone(os.Remove(name))
}
