package main

import "os"

// rejectsFile is a file to which lines are appended.
type rejectsFile struct{ *os.File }

// openRejects opens a file to append lines to it. If its last line has no end, since a run was killed, it gets one, so that the next line is
// not joined to it.
func openRejects(name string) (*rejectsFile, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil && isTorn(name) {
		if _, err = f.WriteString("\n"); err != nil {
			_ = f.Close()
		}
	}
	return &rejectsFile{f}, err
}

// Write appends lines. When it returns, they are on the disk, because the checkpoint that moves past them will be. If they do not fit, none
// of them is in the file: the next run writes them again.
func (f *rejectsFile) Write(lines []byte) (int, error) {
	before, err := f.Stat()
	if err != nil || !before.Mode().IsRegular() {
		return f.File.Write(lines)
	}
	n, err := f.File.Write(lines)
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		if after, failed := f.Stat(); failed == nil && after.Size() == before.Size()+int64(n) { // otherwise another program writes, too
			_ = f.Truncate(before.Size())
		}
	}
	return n, err
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
