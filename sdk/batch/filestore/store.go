package filestore

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"sync"

	"github.com/edgespan/edgespan/internal/diskfile"
)

const (
	slots      = 64      // how many processes may share a path
	worthwhile = 1 << 20 // how many bytes of settled lines make it worth rewriting a file
	newSuffix  = ".new"  // of the name of a file that is being rewritten
)

var (
	errName   = errors.New("filestore: the path is empty or ends with a slash, so it names no file")
	errSlots  = errors.New("filestore: too many processes have this path open; 64 may")
	errLine   = errors.New("filestore: a line is empty, begins with #, or has a newline in it")
	errClosed = errors.New("filestore: the file is not open")
)

// Config configures a [Store]. The zero value works.
type Config struct {
	// Sync makes Append return only after the line is on the disk. Without it, the line is in the hands of the operating
	// system.
	Sync bool
}

// Store is a batch.Store in a file. Its methods may be called from any goroutine.
type Store struct {
	config Config
	path   string

	mu   sync.Mutex
	own  string   // the name of this process's file: the path with the slot's number
	lock *os.File // nil if the Store is not open
	file *os.File // nil if it is to be opened again
	size int64    // bytes in the file
	torn bool     // the last line in the file has no end
	done int      // settled lines in the file
	left []int    // lengths of the other lines, with their newlines
	live int64    // sum of left
	next int      // the slot that adoptNext looks into next
}

// Open returns a [Store] at path. Load opens the file, so Load and Append return the error if that is not possible. Only the
// first Config is used.
func Open(path string, config ...Config) *Store {
	s := &Store{path: path}
	if len(config) > 0 {
		s.config = config[0]
	}
	return s
}

// Load opens the file, and returns the lines that a dead process has left there. If there are none, it returns those of the
// first file beside it that has some.
func (s *Store) Load() ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock != nil {
		return nil, nil
	}
	err := s.take()
	var lines [][]byte
	if err == nil {
		s.next = 0
		lines, err = s.read()
	}
	if err != nil {
		_ = s.close()
		return nil, err
	}
	if len(lines) > 0 {
		return lines, nil
	}
	return s.adoptNext()
}

// LoadMore returns the lines that a dead process has left in the next file beside the own one. Until then, another process can
// take that file.
func (s *Store) LoadMore() ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return nil, errClosed
	}
	return s.adoptNext()
}

// Append adds a line at the end of the file. It returns an error if the line is empty, begins with #, or has a newline in it.
func (s *Store) Append(line []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(line) == 0 || line[0] == '#' || bytes.IndexByte(line, '\n') >= 0 {
		return errLine
	}
	if err := s.write(append(bytes.Clone(line), '\n')); err != nil {
		return err
	}
	s.keepAll([][]byte{line})
	return nil
}

// Clear records that the first n lines are settled.
func (s *Store) Clear(n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return errClosed
	}
	n = min(max(n, 0), len(s.left))
	for _, length := range s.left[:n] {
		s.live -= int64(length)
	}
	s.left = append([]int(nil), s.left[n:]...)
	s.done += n
	switch {
	case n == 0:
		return nil
	case len(s.left) == 0 && s.empty() == nil:
		return nil
	case s.size-s.live >= worthwhile && s.live < s.size/2 && s.renew() == nil:
		return nil
	}
	// A mark has the total number, so that the next mark makes up for one that could not be written.
	return s.write(append(strconv.AppendInt([]byte("#"), int64(s.done), 10), '\n'))
}

// Close closes the file. Its lines stay there for the next process, or the next Store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.close()
}

func (s *Store) close() (err error) {
	for _, f := range []*os.File{s.file, s.lock} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	s.file, s.lock, s.left, s.live = nil, nil, nil, 0
	return err
}

// keepAll counts lines that are in the file, and returns them.
func (s *Store) keepAll(lines [][]byte) [][]byte {
	for _, line := range lines {
		s.left = append(s.left, len(line)+1)
		s.live += int64(len(line) + 1)
	}
	return lines
}

// open opens the file.
func (s *Store) open(flag int) (err error) {
	if s.lock == nil {
		return errClosed
	}
	if s.file == nil {
		s.file, err = os.OpenFile(s.own, os.O_RDWR|flag, 0o600)
	}
	return err
}

// write adds whole lines at the end. If that fails, the lines are not in the file: the next call overwrites what there is of them.
func (s *Store) write(text []byte) error {
	if err := s.open(0); err != nil {
		return err
	}
	if s.torn {
		text = append([]byte{'\n'}, text...)
	}
	_, err := s.file.WriteAt(text, s.size)
	if err == nil && s.config.Sync {
		err = s.file.Sync()
	}
	if err != nil {
		_ = s.file.Truncate(s.size)
		return err
	}
	s.size, s.torn = s.size+int64(len(text)), false
	return nil
}

func (s *Store) empty() error {
	if err := s.open(0); err != nil {
		return err
	}
	if err := s.file.Truncate(0); err != nil {
		return err
	}
	s.size, s.torn, s.done = 0, false, 0
	return nil
}

// renew writes the lines that are left to a new file, and renames it to the old name. Both files are closed during that,
// because Windows cannot rename open files.
func (s *Store) renew() error {
	c, err := contents(s.own)
	if err != nil {
		return err
	}
	text, fresh := joined(c.lines[min(s.done, len(c.lines)):]), s.own+newSuffix
	err = diskfile.Write(fresh, text, 0o600)
	if err == nil {
		_ = s.file.Close()
		s.file = nil
		err = os.Rename(fresh, s.own)
	}
	if err != nil {
		_ = os.Remove(fresh)
		return err
	}
	s.size, s.torn, s.done = int64(len(text)), false, 0
	return nil
}
