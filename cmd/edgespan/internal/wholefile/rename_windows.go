package wholefile

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// sharingViolation is the error of Windows for a file that another program has open.
const sharingViolation = syscall.Errno(32)

// rename renames a file. On Windows that fails while another program has one of the files open, so it tries again for about a second.
// Virus scanners open files that were just written.
func rename(from, to string) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := os.Rename(from, to)
		if wait > time.Second/2 || !errors.Is(err, syscall.ERROR_ACCESS_DENIED) && !errors.Is(err, sharingViolation) {
			return err
		}
		time.Sleep(wait)
	}
}
