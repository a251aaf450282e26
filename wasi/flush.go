package wasi

import (
	"bytes"
	"context"
	"errors"
	"os"
	"time"

	"github.com/edgespan/edgespan/internal/diskfile"
	"github.com/edgespan/edgespan/sdk/batch"
)

var errNoSink = errors.New("wasi: Config.Sink is not set, so Flush cannot send")

// Flush sends the lines in the file and its parts, and removes those that were sent. If a part could not be sent and may be
// tried again, Flush stops and returns the error; the rest stays for the next Flush. Lines that the receiver refuses
// permanently are removed and counted, and Flush returns the error when it has sent the rest. It does the same about a part that
// it cannot read, which stays. Calls do not overlap: a second one waits for the first until ctx is done. Without
// [Config.Sink], Flush returns an error.
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
	// The file becomes a part only when the parts are sent. If each Flush made one while the receiver is down, there would soon be
	// Config.MaxParts small ones, and no room for more.
	claimed, refused, err := f.sendParts(ctx)
	if err == nil && claimed < f.config.MaxParts {
		if err = f.takeWritten(); err == nil {
			var again error
			if _, again, err = f.sendParts(ctx); refused == nil {
				refused = again
			}
		}
	}
	if err != nil {
		return err
	}
	return refused
}

// sendParts sends the parts, the oldest first, until one could not be sent and may be tried again, which is the error err. claimed
// is the number of parts that another Flush has claimed, and refused the first error of lines that the receiver refuses, or of a
// part that cannot be read.
func (f *File) sendParts(ctx context.Context) (claimed int, refused, err error) {
	parts, err := f.parts()
	if err != nil {
		return 0, nil, diskfile.UnlessGone(err) // if the folder does not exist, there is nothing to send
	}
	for _, p := range parts {
		if err := ctx.Err(); err != nil {
			return claimed, refused, err
		}
		name, err := f.claim(p)
		if err != nil {
			return claimed, refused, err
		}
		if name == "" {
			claimed++
			continue
		}
		unsent, err := f.send(ctx, name, p)
		if unsent {
			return claimed, refused, err
		}
		if refused == nil {
			refused = err
		}
	}
	return claimed, refused, nil
}

// takeWritten turns the file into a part if it is not empty.
func (f *File) takeWritten() error {
	info, err := os.Stat(f.path)
	switch {
	case err != nil:
		return diskfile.UnlessGone(err)
	case info.IsDir(): // a folder is somebody else's and must not be moved
		return errName
	case info.Mode().IsRegular() && info.Size() > 0:
		return f.take()
	}
	return nil
}

// send sends a claimed part and removes it, or the lines that were sent. unsent reports that some lines are left. They keep the
// part's place in the order. A part with which something went wrong is not claimed any more.
func (f *File) send(ctx context.Context, name string, p part) (unsent bool, err error) {
	free := f.newPartName(p.at, waitingSuffix)
	data, err := os.ReadFile(name)
	if err != nil {
		_ = os.Rename(name, free)
		return false, diskfile.UnlessGone(err) // the other parts may be readable
	}
	sink := batch.Guard(f.config.Sink)
	lines, spans, torn := wholeLines(data, sink.Count)
	var r batch.Result
	if len(lines) > 0 {
		r = sink.Send(ctx, lines)
	}
	left := lines[r.Lines:]
	if len(left) > 0 && r.Lines+torn == 0 {
		err = os.Rename(name, free) // unchanged
	} else {
		err = f.clear(name, free, left)
	}
	if err != nil {
		_ = os.Rename(name, free) // what was sent will be sent again
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

// wholeLines returns the lines of a part that have spans, the number of spans in each, and the number of torn lines.
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

// lineStart is the beginning of each line. It cannot occur inside a string, where quotes are escaped.
var lineStart = []byte(`{"resourceSpans":`)

// afterTorn returns the complete line behind a torn one that has no newline at its end. This happens if the writer of the
// second line checked the file before the writer of the first died.
func afterTorn(line []byte) []byte {
	return line[max(bytes.LastIndex(line, lineStart), 0):]
}

// clear replaces a claimed part with a part named free that has the lines left, or removes it if none are left.
func (f *File) clear(name, free string, left [][]byte) error {
	if len(left) > 0 {
		rest := f.newPartName(time.Now(), restSuffix)
		// On the disk, since the lines may come from a program with Config.Sync.
		err := diskfile.Write(rest, append(bytes.Join(left, []byte{'\n'}), '\n'), 0o644)
		if err == nil {
			err = os.Rename(rest, free)
		}
		if err != nil {
			// The disk is full. Keep the whole part; the lines that were sent will be sent again.
			_ = os.Remove(rest)
			return os.Rename(name, free)
		}
	}
	return diskfile.UnlessGone(os.Remove(name))
}
