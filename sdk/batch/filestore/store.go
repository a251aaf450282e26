package filestore

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"sync"
)

const (
	slots      = 64      // processes that may share a path
	worthwhile = 1 << 20 // bytes that are done with, from which on a file is written anew
)

var (
	errName   = errors.New("filestore: the path is empty, or that of a folder")
	errSlots  = errors.New("filestore: as many processes as there may be have this path open")
	errLine   = errors.New("filestore: a line is empty, begins with #, or has a newline in it")
	errClosed = errors.New("filestore: the file is not open")
)

// Config configures a [Store]. The zero value works.
type Config struct {
	// Sync has each line on the disk before Append returns, not only in the operating system's hands.
	Sync bool
}

// Store is a batch.Store in a file. Its methods may be called from any goroutine.
type Store struct {
	config Config
	path   string

	mu   sync.Mutex
	own  string // the path with the slot's number
	lock *os.File
	file *os.File
	size int64 // of what is whole in it
	done int   // lines in it that are done with
	left []int // lengths of the others, newlines included
	live int64 // their sum
	next int   // slot to look into for more
}

// Open returns a [Store] at path. The file is opened by Load, and what is wrong with it is an error of Load and Append. At most one
// Config is looked at.
func Open(path string, config ...Config) *Store {
	s := &Store{path: path}
	if len(config) > 0 {
		s.config = config[0]
	}
	return s
}

// Load opens the file, and returns what a dead process has left there, or else in the first file beside it that has something.
func (s *Store) Load() ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file != nil {
		return nil, nil
	}
	if err := s.take(); err != nil {
		return nil, err
	}
	s.next = 0
	lines, err := s.read()
	if err != nil {
		_ = s.close()
		return nil, err
	}
	if len(lines) > 0 {
		return lines, nil
	}
	return s.adoptNext()
}

// LoadMore returns what dead processes have left in the next file beside ours. Until then it is there for others as well.
func (s *Store) LoadMore() ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil, errClosed
	}
	return s.adoptNext()
}

// Append keeps a line behind the others.
func (s *Store) Append(line []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(line) == 0 || line[0] == '#' || bytes.IndexByte(line, '\n') >= 0 {
		return errLine
	}
	if err := s.write(append(bytes.Clone(line), '\n')); err != nil {
		return err
	}
	s.keep(line)
	return nil
}

// Clear notes that the first n lines are done with.
func (s *Store) Clear(n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
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
	case len(s.left) == 0:
		return s.empty()
	case s.size-s.live >= worthwhile && s.live < s.size/2 && s.renew() == nil:
		return nil
	}
	return s.write(append(strconv.AppendInt([]byte("#"), int64(s.done), 10), '\n')) // the whole number: the next mark heals one that fails
}

// Close lets go of the file. What is in it is there for the next process, or the next Store.
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

func (s *Store) keep(line []byte) {
	s.left = append(s.left, len(line)+1)
	s.live += int64(len(line) + 1)
}

// write adds whole lines. What is left of some that could not be written is written over by the next.
func (s *Store) write(text []byte) error {
	if s.file == nil {
		return errClosed
	}
	if _, err := s.file.WriteAt(text, s.size); err != nil {
		_ = s.file.Truncate(s.size)
		return err
	}
	s.size += int64(len(text))
	if s.config.Sync {
		return s.file.Sync()
	}
	return nil
}

func (s *Store) empty() error {
	if err := s.file.Truncate(0); err != nil {
		return err
	}
	s.size, s.done = 0, 0
	return nil
}

// renew writes a file of what is left, and puts it in the old one's place. Both are closed then: Windows moves no file that is
// open.
func (s *Store) renew() error {
	lines, _, err := contents(s.own)
	if err != nil {
		return err
	}
	text, fresh := joined(lines[min(s.done, len(lines)):]), s.own+".new"
	if err := writeFile(fresh, text); err != nil {
		_ = os.Remove(fresh)
		return err
	}
	_ = s.file.Close()
	if err = os.Rename(fresh, s.own); err == nil {
		s.size, s.done = int64(len(text)), 0
	} else {
		_ = os.Remove(fresh)
	}
	var failed error
	s.file, failed = os.OpenFile(s.own, os.O_RDWR, 0o600)
	return errors.Join(err, failed)
}

// writeFile has a new file on the disk.
func writeFile(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}
