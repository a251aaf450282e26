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
	errName   = errors.New("wasi: the name of the file is empty, or that of a folder")
	errFull   = errors.New("wasi: Config.MaxParts are waiting to be sent, and the file has reached Config.MaxFileSize: spans are dropped")
	errMoving = errors.New("wasi: the file was taken from its name again and again while a line was appended: spans are dropped")
)

// File is a [trace.Exporter] and a [trace.Flusher]. Its methods may be called from any goroutine, and on nil.
type File struct {
	config       Config
	path         string
	folder, base string

	mu      sync.Mutex // of all below, and of the order of appends
	encoder otlp.Encoder
	buf     []byte
	stats   Stats
	told    once.Filter

	flushing chan struct{} // has the token of the Flush that runs
}

// Open returns a [File] that appends to the file of that name. The file is opened for each line, so that it can be taken away at
// any time, and made when it is not there; what is wrong with it is an error of Export. At most one [Config] is looked at.
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

// maxKeptBuffer bounds the memory that stays after an unusually large trace.
const maxKeptBuffer = 64 << 10

// Export appends b as one line. What can't be written is dropped and counted, and an error that goes on is returned once.
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

// maxMoves is how often a line follows a file that is taken from its name. Each time takes a Flush of its own.
const maxMoves = 16

// append has a whole line in the file that is at the name when it returns, or was so after the line was in it.
func (f *File) append(line []byte) error {
	if f.base == "" {
		return errName
	}
	for range maxMoves {
		found, err := f.write(line)
		if found == full && err == nil { // it is closed by now: Windows moves no file that is open
			err = f.rotate()
		}
		if err != nil || found == there {
			return err
		}
		if found == moved {
			f.stats.Repeated++
		}
	}
	return errMoving
}

// finding is what write has found of the file at the name.
type finding uint8

const (
	there finding = iota // it has the line, and was at its name afterwards
	moved                // it has the line, and was not
	full                 // it gets no line
)

// write appends a line to a file that is not full.
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
		// Somebody died within a line, or is writing one just now: then this makes an empty line, which is nothing. Who dies
		// from here to the write leaves a line that is joined to ours, and Flush takes the two apart.
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
		return there, nil
	}
	return moved, err
}

// torn reports whether a file does not end with a line's end.
func torn(file *os.File, size int64) bool {
	var last [1]byte
	n, _ := file.ReadAt(last[:], size-1)
	return n == 1 && last[0] != '\n'
}

// rotate makes a part of the file, where there is room for one.
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
