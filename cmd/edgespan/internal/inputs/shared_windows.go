package inputs

import (
	"os"
	"syscall"
)

// openShared opens a file so that others can rename and remove it meanwhile, as they can everywhere else. os.Open does not allow that.
func openShared(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	const all = syscall.FILE_SHARE_READ | syscall.FILE_SHARE_WRITE | syscall.FILE_SHARE_DELETE
	const foldersToo = syscall.FILE_FLAG_BACKUP_SEMANTICS
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ, all, nil, syscall.OPEN_EXISTING, syscall.FILE_ATTRIBUTE_NORMAL|foldersToo, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}
