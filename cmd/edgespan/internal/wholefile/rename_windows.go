package wholefile

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// sharingViolation is what Windows says of a file that somebody has open.
const sharingViolation = syscall.Errno(32)

// rename waits about a second for whoever has one of the files open: here that is in the way. Virus scanners open what was just written.
func rename(from, to string) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := os.Rename(from, to)
		if wait > time.Second/2 || !errors.Is(err, syscall.ERROR_ACCESS_DENIED) && !errors.Is(err, sharingViolation) {
			return err
		}
		time.Sleep(wait)
	}
}
