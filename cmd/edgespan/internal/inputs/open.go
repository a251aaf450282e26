package inputs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

// Input is a stream of lines.
type Input struct {
	Name   string
	Reader io.ReadCloser
}

// Stdin is the name of standard input.
const Stdin = "-"

// OpenFiles opens files to be read once. What cannot be opened is an error for its name; the others are there, as far as ctx lasts.
func OpenFiles(ctx context.Context, names []string) (inputs []Input, errs []error) {
	for _, name := range names {
		if name == Stdin {
			inputs = append(inputs, Input{"stdin", io.NopCloser(os.Stdin)})
			continue
		}
		f, err := Open(ctx, name)
		if err != nil {
			if errs = append(errs, err); ctx.Err() != nil {
				break
			}
			continue
		}
		inputs = append(inputs, Input{name, f})
	}
	return inputs, errs
}

// Open opens a file that is no directory. It waits until ctx ends: for a named pipe that nobody writes to, that may be long.
func Open(ctx context.Context, name string) (*os.File, error) {
	type result struct {
		file *os.File
		err  error
	}
	opened := make(chan result, 1)
	go func() {
		f, err := open(name)
		opened <- result{f, err}
	}()
	select {
	case r := <-opened:
		return r.file, r.err
	case <-ctx.Done():
		return nil, &os.PathError{Op: "open", Path: name, Err: errStopped}
	}
}

var errStopped = errors.New("stopped before it was open")

func open(name string) (*os.File, error) {
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

// The formats that log services compress with, and UTF-16, in which PowerShell's > writes; and how a file of each begins.
var formats = []struct {
	mark []byte
	open func(io.Reader) (io.Reader, error)
}{
	{[]byte{0x1f, 0x8b}, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{[]byte{0x28, 0xb5, 0x2f, 0xfd}, func(r io.Reader) (io.Reader, error) {
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return d, nil // it has no goroutines, so nothing is left of it where it is not closed
	}},
	{[]byte{0xff, 0xfe}, fromUTF16(unicode.LittleEndian)},
	{[]byte{0xfe, 0xff}, fromUTF16(unicode.BigEndian)},
}

func fromUTF16(order unicode.Endianness) func(io.Reader) (io.Reader, error) {
	return func(r io.Reader) (io.Reader, error) {
		return unicode.UTF16(order, unicode.ExpectBOM).NewDecoder().Reader(r), nil
	}
}

// maxWindow bounds the memory that a zstd file may ask for. It is what the command zstd grants without being told.
const maxWindow = 128 << 20

// markLength is that of the longest mark.
const markLength = 4

// Unzip returns r's text, whether it is compressed with gzip, with zstd, or not, and from UTF-16 where it begins with that's mark.
func Unzip(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	head, _ := buffered.Peek(2) // a pipe may have no more yet
	for _, f := range formats {
		if !bytes.HasPrefix(f.mark, head) && !bytes.HasPrefix(head, f.mark) || len(head) < 2 {
			continue
		}
		if head, _ := buffered.Peek(len(f.mark)); bytes.Equal(head, f.mark) {
			return f.open(buffered)
		}
	}
	return buffered, nil
}

// UnzipLater is Unzip that reads nothing before it is read itself: a pipe may have nothing to say for long.
func UnzipLater(r io.Reader) io.Reader { return &unzipper{from: r} }

type unzipper struct {
	from, text io.Reader
	err        error
}

func (u *unzipper) Read(p []byte) (int, error) {
	if u.text == nil && u.err == nil {
		u.text, u.err = Unzip(u.from)
	}
	if u.err != nil {
		return 0, u.err
	}
	return u.text.Read(p)
}

// IsCompressed tells whether a file has to be unzipped, so that its text is not its bytes. It leaves the file as it is.
func IsCompressed(f *os.File) bool {
	head := make([]byte, markLength)
	n, _ := f.ReadAt(head, 0)
	for _, f := range formats {
		if bytes.HasPrefix(head[:n], f.mark) {
			return true
		}
	}
	return false
}
