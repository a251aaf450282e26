package wasi

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/edgespan/edgespan/internal/once"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

var (
	errName   = errors.New("wasi: the file name is empty or names a folder")
	errFull   = errors.New("wasi: spans are dropped: Config.MaxParts parts are waiting to be sent, and the file has reached Config.MaxFileSize")
	errMoving = errors.New("wasi: spans are dropped: each time a line was appended, the file had been moved away")
)

// File is a [trace.Exporter] and a [trace.Flusher] that keeps spans in a file. Its methods may be called from any goroutine,
// and on nil.
type File struct {
	config       Config
	path         string
	folder, base string

	mu      sync.Mutex // guards the fields below and the order of appends
	encoder otlp.Encoder
	buf     []byte
	stats   Stats
	told    once.Filter

	flushing chan struct{} // holds one token while a Flush runs
}

// Open returns a [File] that appends to the file with this name. It does not open the file: each Export does, and creates it if
// it does not exist, so the file may be moved away at any time. Errors are those of Export. Open uses the first [Config], or
// the zero Config if there is none.
func Open(name string, config ...Config) *File {
	f := &File{path: name, folder: ".", base: name, flushing: make(chan struct{}, 1)}
	if len(config) > 0 {
		f.config = config[0]
	}
	f.config.setDefaults()
	if folder, base := filepath.Split(name); folder != "" {
		f.folder, f.base = folder, base
	}
	return f
}

// maxKeptBuffer is the maximum size of the buffer, in bytes, that is kept for the next trace.
const maxKeptBuffer = 64 << 10

// Export appends b as one line. If that fails, the spans are dropped and counted, and Export returns the error. It returns an
// error that persists only once, and again after a call has succeeded.
func (f *File) Export(_ context.Context, b *trace.Batch) error {
	if f == nil || b == nil || len(b.Spans) == 0 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	line := append(f.encoder.Append(f.buf[:0], b), '\n')
	if f.buf = line; cap(line) > maxKeptBuffer {
		f.buf = nil
	}
	if err := f.append(line); err != nil {
		f.stats.DroppedSpans += uint64(len(b.Spans))
		return f.told.Error(err)
	}
	f.told.Fine()
	f.stats.Spans += uint64(len(b.Spans))
	f.stats.Lines++
	f.stats.Bytes += uint64(len(line))
	return nil
}

// maxMoves is the maximum number of times that a line is appended again because the file was moved away. Each time takes
// another Flush.
const maxMoves = 16

// append appends a line. When it returns nil, the file had its name after the line was in it.
func (f *File) append(line []byte) error {
	if f.base == "" {
		return errName
	}
	for range maxMoves {
		found, err := f.write(line)
		if found == full && err == nil { // the file is closed by now, since Windows cannot rename an open file
			err = f.rotate()
		}
		if err != nil || found == written {
			return err
		}
		if found == moved {
			f.stats.Repeated++
		}
	}
	return errMoving
}

// finding is the result of write.
type finding uint8

const (
	written finding = iota // the line is in the file, and the file had its name afterwards
	moved                  // the line is in the file, but the file was moved away
	full                   // the file is full; the line is not in it
)

// write appends a line to the file unless it is full.
func (f *File) write(line []byte) (found finding, err error) {
	file, err := open(f.path)
	if err != nil {
		return full, err
	}
	defer func() {
		if failed := file.Close(); err == nil {
			err = failed
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return full, err
	}
	size := info.Size()
	if size >= f.config.MaxFileSize {
		return full, nil
	}
	if size > 0 && torn(file, size) {
		// The file does not end with a newline: a process died while it wrote a line, or is writing one now. In the latter case
		// this newline makes an empty line, which is ignored. If a process dies between this check and the write, its
		// unfinished line is joined to ours, and Flush separates the two.
		line = append([]byte{'\n'}, line...)
	}
	if _, err := file.Write(line); err != nil {
		return moved, err
	}
	if f.config.Sync {
		if err := file.Sync(); err != nil {
			return moved, err
		}
	}
	now, err := os.Stat(f.path)
	switch {
	case os.IsNotExist(err):
		return moved, nil
	case err == nil && os.SameFile(info, now):
		return written, nil
	}
	return moved, err
}

// torn reports whether the file does not end with a newline.
func torn(file *os.File, size int64) bool {
	var last [1]byte
	n, _ := file.ReadAt(last[:], size-1)
	return n == 1 && last[0] != '\n'
}

// rotate turns the file into a part if there may be another one.
func (f *File) rotate() error {
	waiting, err := f.parts()
	if err != nil {
		return err
	}
	if len(waiting) >= f.config.MaxParts {
		return errFull
	}
	return f.take()
}
