//go:build !tinygo

package lockfile

import (
	"os"
	"syscall"
)

const excludes = true

// sharingViolation is the error of Windows for a file that another process has open and does not share.
const sharingViolation = syscall.Errno(32)

func take(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	const shared = 0 // with no other process
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, shared, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch err {
	case nil:
		return os.NewFile(uintptr(h), name), nil
	case sharingViolation:
		return nil, nil
	}
	return nil, &os.PathError{Op: "open", Path: name, Err: err}
}
