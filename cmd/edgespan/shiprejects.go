package main

import "os"

// openRejects opens a file to append lines to it. If its last line has no end, since a run was killed or the disk was full, it gets one,
// so that the next line is not joined to it.
func openRejects(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil || !isTorn(name) {
		return f, err
	}
	if _, err := f.WriteString("\n"); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// isTorn tells whether a file's last line has no end, as far as the file can be read.
func isTorn(name string) bool {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	last := make([]byte, 1)
	_, err = f.ReadAt(last, info.Size()-1)
	return err == nil && last[0] != '\n'
}
