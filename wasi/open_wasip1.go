//go:build wasip1 && !tinygo

package wasi

import (
	"os"
	"syscall"
)

// open goes past os.OpenFile, which sets the file's flags once more, to make it non-blocking. Node's runtime loses O_APPEND
// in that call (seen with 20.20), and then each line is written over the first.
func open(name string) (*os.File, error) {
	fd, err := syscall.Open(name, syscall.O_RDWR|syscall.O_CREAT|syscall.O_APPEND|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), name), nil
}
