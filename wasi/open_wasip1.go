//go:build wasip1 && !tinygo

package wasi

import (
	"os"
	"syscall"
)

// open does not use os.OpenFile, which sets the file's flags again to make it non-blocking. In Node's runtime (seen with 20.20)
// that call loses O_APPEND, and each line would overwrite the first.
func open(name string) (*os.File, error) {
	fd, err := syscall.Open(name, syscall.O_RDWR|syscall.O_CREAT|syscall.O_APPEND|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), name), nil
}
