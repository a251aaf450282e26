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

// maxOpen is how many files are open before they are read: systems have limits.
const maxOpen = 200

// OpenFiles opens files until ctx ends: to be read once, or to be followed. It returns an error for each file that cannot be opened, and
// the others. Of many that are read once, most are closed and opened again when they are read.
func OpenFiles(ctx context.Context, names []string, follow bool) (inputs []Input, errs []error) {
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
		in := Input{name, f}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && !follow && len(inputs) >= maxOpen {
			_ = f.Close()
			in.Reader = &later{name: name}
		}
		inputs = append(inputs, in)
	}
	return inputs, errs
}

// later is a file that is opened when it is read.
type later struct {
	name string
	file *os.File
}

func (l *later) Read(p []byte) (n int, err error) {
	if l.file == nil {
		if l.file, err = open(l.name); err != nil {
			return 0, err
		}
	}
	return l.file.Read(p)
}

func (l *later) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// Open opens a file that is not a folder. It waits until ctx ends: a named pipe without a writer may take long.
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
		go func() {
			if r := <-opened; r.err == nil {
				_ = r.file.Close()
			}
		}()
		return nil, &os.PathError{Op: "open", Path: name, Err: errStopped}
	}
}

var errStopped = errors.New("stopped before it was open")

func open(name string) (*os.File, error) {
	f, err := openShared(name)
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

// formats are the compression formats of log services, and UTF-16, in which PowerShell's > writes, with the bytes that a file of
// each begins with.
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
		return d, nil // it has no goroutines, so nothing leaks if it is not closed
	}},
	{[]byte{0xff, 0xfe}, fromUTF16(unicode.LittleEndian)},
	{[]byte{0xfe, 0xff}, fromUTF16(unicode.BigEndian)},
}

func fromUTF16(order unicode.Endianness) func(io.Reader) (io.Reader, error) {
	return func(r io.Reader) (io.Reader, error) {
		return unicode.UTF16(order, unicode.ExpectBOM).NewDecoder().Reader(r), nil
	}
}

// maxWindow is how much memory a zstd file may ask for. It is what the zstd command allows by default.
const maxWindow = 128 << 20

// markLength is the length of the longest mark.
const markLength = 4

// Unzip returns the text of r. It decompresses gzip and zstd, and converts UTF-16 if r begins with its byte order mark.
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

// UnzipLater is like Unzip, but reads nothing until the text is read, since a pipe may have nothing for a long time.
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

// IsCompressed tells whether Unzip would change the file's bytes. It does not change the position in the file.
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
