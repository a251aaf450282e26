package inputs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
)

// Input is a stream of lines.
type Input struct {
	Name   string
	Reader io.ReadCloser
}

// OpenFiles opens files to be read once. What can not be opened is an error for its name; the others are there.
func OpenFiles(names []string) (inputs []Input, errs []error) {
	for _, name := range names {
		f, err := Open(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		inputs = append(inputs, Input{name, f})
	}
	return inputs, errs
}

// Open opens a file that is no directory.
func Open(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &os.PathError{Op: "read", Path: name, Err: errors.New("is a directory")}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// gzipMark is how a gzip file begins. Log services compress what they store.
var gzipMark = []byte{0x1f, 0x8b}

// Unzip returns r's text, whether it is compressed or not.
func Unzip(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	if head, _ := buffered.Peek(len(gzipMark)); !bytes.Equal(head, gzipMark) {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

// IsGzip tells whether a file is compressed. It leaves the file as it is.
func IsGzip(f *os.File) bool {
	head := make([]byte, len(gzipMark))
	n, _ := f.ReadAt(head, 0)
	return bytes.Equal(head[:n], gzipMark)
}
