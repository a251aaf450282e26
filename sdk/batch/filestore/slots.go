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
		lock, err := lock(name)
		if err != nil {
			return err
		}
		if lock == nil {
			continue
		}
		s.own, s.lock = name, lock
		return s.open(os.O_CREATE)
	}
	return errSlots
}

// lock takes a file, or returns nil if another process has it.
func lock(name string) (*os.File, error) {
	lock, err := lockfile.Take(name + ".lock")
	if lock != nil {
		_ = os.Remove(name + newSuffix) // a process died in renew
	}
	return lock, err
}

// read returns the lines that are left in this process's file, and sets the fields that describe it.
func (s *Store) read() ([][]byte, error) {
	c, err := contents(s.own)
	if err != nil {
		return nil, err
	}
	s.size, s.torn, s.done = c.size, c.torn, c.done
	if len(c.lines) == c.done {
		_ = s.empty() // otherwise it is emptied the next time
	}
	return s.keepAll(c.lines[c.done:]), nil
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
	if name == s.own || !lockfile.Excludes {
		return nil, nil
	}
	if _, err := os.Stat(name); err != nil {
		return nil, nil // in most cases there is no such file
	}
	lock, err := lock(name)
	if err != nil || lock == nil {
		return nil, err
	}
	defer lock.Close()
	c, err := contents(name)
	if os.IsNotExist(err) {
		return nil, nil // another process was faster
	}
	if err != nil {
		return nil, err
	}
	left := c.lines[c.done:]
	if len(left) > 0 {
		if err := s.write(joined(left)); err != nil {
			return nil, err // the lines stay for the next process
		}
	}
	return s.keepAll(left), os.Remove(name) // after a crash before the removal, the lines are sent twice
}

// content is the content of a file.
type content struct {
	lines [][]byte
	done  int // how many of them are settled
	size  int64
	torn  bool // the last line has no end: a process died while it wrote the line
}

func contents(name string) (c content, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return c, err
	}
	c.size, c.torn = int64(len(data)), len(data) > 0 && data[len(data)-1] != '\n'
	for len(data) > 0 {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		switch {
		case len(line) == 0:
		case line[0] == '#': // an incomplete mark has a smaller number than the one before
			if n, err := strconv.Atoi(string(line[1:])); err == nil {
				c.done = max(c.done, n)
			}
		default:
			c.lines = append(c.lines, line)
		}
	}
	c.done = min(c.done, len(c.lines))
	return c, nil
}

func joined(lines [][]byte) []byte {
	var text []byte
	for _, line := range lines {
		text = append(append(text, line...), '\n')
	}
	return text
}
