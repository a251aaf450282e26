package filestore

import (
	"bytes"
	"os"
	"strconv"
)

// slot is the file of the i-th process at a path.
func slot(path string, i int) string {
	if i == 0 {
		return path
	}
	return path + "." + strconv.Itoa(i)
}

// take makes the first file that nobody has ours.
func (s *Store) take() error {
	if n := len(s.path); n == 0 || os.IsPathSeparator(s.path[n-1]) {
		return errName // and no lock without a name lies about
	}
	for i := range slots {
		name := slot(s.path, i)
		lock, err := lockFile(name + ".lock")
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

// read takes stock of our file.
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
	if _, err := s.file.ReadAt(last[:], s.size-1); err == nil && last[0] != '\n' { // somebody died within a line
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

// adoptNext goes on to the next file that has something for us.
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

// adopt moves what a dead process has left to our file.
func (s *Store) adopt(name string) ([][]byte, error) {
	if _, err := os.Stat(name); name == s.own || err != nil || !exclusive {
		return nil, nil // there is nothing, in most cases
	}
	lock, err := lockFile(name + ".lock")
	if err != nil || lock == nil {
		return nil, err
	}
	defer lock.Close()
	lines, done, err := contents(name)
	if os.IsNotExist(err) {
		return nil, nil // another was quicker
	}
	if err != nil {
		return nil, err
	}
	lines = lines[min(done, len(lines)):]
	if len(lines) > 0 {
		if err := s.write(joined(lines)); err != nil {
			return nil, err // it is left for the next
		}
	}
	for _, line := range lines {
		s.keep(line)
	}
	return lines, os.Remove(name) // after a crash before this they are sent twice
}

// contents returns all lines of a file, and how many of them are done with.
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
		case line[0] == '#': // a mark that is torn says less than the one before
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
