package filestore

import (
	"bytes"
	"os"
	"strconv"

	"github.com/edgespan/edgespan/internal/lockfile"
)

// slot returns the name of the file of the i-th process at a path.
func slot(path string, i int) string {
	if i == 0 {
		return path
	}
	return path + "." + strconv.Itoa(i)
}

// take takes the first file that no other process has.
func (s *Store) take() error {
	if n := len(s.path); n == 0 || os.IsPathSeparator(s.path[n-1]) {
		return errName // before a lock file without a name is created
	}
	for i := range slots {
		name := slot(s.path, i)
		lock, err := lockfile.Take(name + ".lock")
		if err != nil {
			return err
		}
		if lock == nil {
			continue
		}
		file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			_ = lock.Close()
			return err
		}
		s.own, s.lock, s.file = name, lock, file
		return nil
	}
	return errSlots
}

// read returns the lines that are left in this process's file, and sets the fields that describe it.
func (s *Store) read() ([][]byte, error) {
	lines, done, err := contents(s.own)
	if err != nil {
		return nil, err
	}
	info, err := s.file.Stat()
	if err != nil {
		return nil, err
	}
	s.size, s.done = info.Size(), min(done, len(lines))
	if len(lines) == s.done {
		return nil, s.empty()
	}
	var last [1]byte
	if _, err := s.file.ReadAt(last[:], s.size-1); err == nil && last[0] != '\n' { // a process died while it wrote a line
		if err := s.write([]byte{'\n'}); err != nil {
			return nil, err
		}
	}
	lines = lines[s.done:]
	for _, line := range lines {
		s.keep(line)
	}
	return lines, nil
}

// adoptNext takes over the next file that has lines.
func (s *Store) adoptNext() (lines [][]byte, err error) {
	for s.next < slots && len(lines) == 0 {
		var failed error
		lines, failed = s.adopt(slot(s.path, s.next))
		if err == nil {
			err = failed
		}
		s.next++
	}
	return lines, err
}

// adopt moves the lines that a dead process has left in a file to this process's file.
func (s *Store) adopt(name string) ([][]byte, error) {
	if _, err := os.Stat(name); name == s.own || err != nil || !lockfile.Excludes {
		return nil, nil // in most cases there is no such file
	}
	lock, err := lockfile.Take(name + ".lock")
	if err != nil || lock == nil {
		return nil, err
	}
	defer lock.Close()
	lines, done, err := contents(name)
	if os.IsNotExist(err) {
		return nil, nil // another process was faster
	}
	if err != nil {
		return nil, err
	}
	lines = lines[min(done, len(lines)):]
	if len(lines) > 0 {
		if err := s.write(joined(lines)); err != nil {
			return nil, err // the lines are left for the next process
		}
	}
	for _, line := range lines {
		s.keep(line)
	}
	return lines, os.Remove(name) // after a crash before the removal, the lines are sent twice
}

// contents returns all lines of a file, and how many of them are settled.
func contents(name string) (lines [][]byte, done int, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, 0, err
	}
	for len(data) > 0 {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		switch {
		case len(line) == 0:
		case line[0] == '#': // an incomplete mark has a smaller number than the one before
			if n, err := strconv.Atoi(string(line[1:])); err == nil {
				done = max(done, n)
			}
		default:
			lines = append(lines, line)
		}
	}
	return lines, done, nil
}

func joined(lines [][]byte) []byte {
	var text []byte
	for _, line := range lines {
		text = append(append(text, line...), '\n')
	}
	return text
}
