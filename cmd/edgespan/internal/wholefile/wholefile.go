// Package wholefile replaces files as a whole: a reader sees either the old content or all of the new.
package wholefile

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write replaces the content of a file by what write writes. If there is an error or a power cut, the file keeps its content. If
// name is a link, its target is written. An existing file keeps its permissions; a new one gets perm, before umask. A file that is
// not regular, such as a device or a named pipe, is written directly.
//
// Write uses a temporary file beside it, whose name ends in .part. Two calls must not write the same file at the same time.
func Write(name string, perm fs.FileMode, write func(io.Writer) error) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return open(name, os.O_WRONLY|os.O_TRUNC, perm, write)
	}
	target, err := Target(name)
	if err != nil {
		return named(err, "open", name)
	}
	part := target + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by a run that was killed
		return err
	}
	err = open(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm, write, func(f *os.File) error {
		if info != nil {
			if err := f.Chmod(info.Mode().Perm()); err != nil {
				return err
			}
		}
		return f.Sync()
	})
	if err == nil {
		err = rename(part, target)
	}
	if err != nil {
		_ = os.Remove(part)
		return named(err, "", name)
	}
	syncFolder(filepath.Dir(target))
	return nil
}

// named changes an error to name the file as the user knows it, and the operation if op is not empty.
func named(err error, op, name string) error {
	path := (*fs.PathError)(nil)
	if !errors.As(err, &path) {
		return err
	}
	return &fs.PathError{Op: cmp.Or(op, path.Op), Path: name, Err: path.Err}
}

// open opens a file, lets write write it, and calls another function before it closes the file.
func open(name string, flag int, perm fs.FileMode, write func(io.Writer) error, last ...func(*os.File) error) error {
	f, err := os.OpenFile(name, flag, perm)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	for _, do := range last {
		if err == nil {
			err = do(f)
		}
	}
	return errors.Join(err, f.Close())
}

// maxLinks is how many links are followed, as on Linux.
const maxLinks = 40

// Target resolves links. The file with the resulting name need not exist.
func Target(name string) (string, error) {
	for range maxLinks {
		folder, err := filepath.EvalSymlinks(filepath.Dir(name))
		if err != nil {
			return "", err
		}
		name = filepath.Join(folder, filepath.Base(name))
		info, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return name, nil
		}
		to, err := os.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(folder, to)
		}
		name = to
	}
	return "", &fs.PathError{Op: "open", Path: name, Err: errors.New("too many links")}
}

// syncFolder makes a rename survive a power cut, if the system can do that.
func syncFolder(path string) {
	if d, err := os.Open(path); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
