// Package diskfile has what several packages do with files and package os has no function for.
package diskfile

import (
	"errors"
	"os"
)

// Write writes a file, as [os.WriteFile] does, and returns when it is on the disk.
func Write(name string, data []byte, perm os.FileMode) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// UnlessGone returns err, or nil if it says that a file does not exist.
func UnlessGone(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}
