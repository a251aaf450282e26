// Package wholefile replaces files as a whole: whoever reads one sees what was there before, or all that is new.
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

// Write gives a file of that name the text that write writes, or leaves it as it is where there is an error, also through a power cut. A
// link stays, and what it leads to is written. A file that is there keeps its permissions; a new one gets perm, before umask. What is no
// regular file, such as a device or a named pipe, is written to as it is.
//
// The text is written to a file beside it, whose name ends in .part. Two may not write the same file at a time.
func Write(name string, perm fs.FileMode, write func(io.Writer) error) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return open(name, os.O_WRONLY|os.O_TRUNC, perm, write)
	}
	target, err := follow(name)
	if err != nil {
		return named(err, "open", name)
	}
	part := target + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) { // it is left of a run that was killed
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
		err = os.Rename(part, target)
	}
	if err != nil {
		_ = os.Remove(part)
		return named(err, "", name)
	}
	syncFolder(filepath.Dir(target))
	return nil
}

// named puts into an error the name that the user knows of, and what was to be done with it, where that is given.
func named(err error, op, name string) error {
	path := (*fs.PathError)(nil)
	if !errors.As(err, &path) {
		return err
	}
	return &fs.PathError{Op: cmp.Or(op, path.Op), Path: name, Err: path.Err}
}

// open opens a file, has it written, and calls what is to be done before it is closed.
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

// maxLinks is how many links are followed from one to the next, as on Linux.
const maxLinks = 40

// follow returns the name that a name stands for, which may be that of no file yet.
func follow(name string) (string, error) {
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

// syncFolder makes a rename last through a power cut, where the system can.
func syncFolder(path string) {
	if d, err := os.Open(path); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
