package wasi

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	waits   = ".part"
	claimed = ".sending"
	rest    = ".rest" // a part that is being written; nobody's but its writer's
)

// part is a file of lines that nobody appends to any more, or only such lines as are appended elsewhere as well.
type part struct {
	name string    // with the folder
	at   time.Time // of the last change of its name
	free bool
}

// newPartName returns a new name for a part. They sort by time.
func (f *File) newPartName(at time.Time, suffix string) string {
	stamp := strconv.FormatInt(at.UnixNano(), 16)
	return f.path + "." + stamp + "-" + strconv.FormatUint(rand.Uint64(), 36) + suffix
}

// take makes a part of the file. One that is not there has been taken by somebody else.
func (f *File) take() error {
	err := os.Rename(f.path, f.newPartName(time.Now(), waits))
	if link, ok := err.(*os.LinkError); ok { // whose text would be another with each new name
		err = &os.PathError{Op: link.Op, Path: f.path, Err: link.Err}
	}
	return unlessGone(err)
}

// parts returns the parts that are there, oldest first.
func (f *File) parts() ([]part, error) {
	entries, err := os.ReadDir(f.folder)
	if err != nil {
		return nil, err
	}
	var found []part
	for _, entry := range entries {
		middle, ok := strings.CutPrefix(entry.Name(), f.base+".")
		if !ok {
			continue
		}
		p := part{name: f.path[:len(f.path)-len(f.base)] + entry.Name()}
		i := max(strings.LastIndexByte(middle, '.'), 0)
		stamp, suffix := middle[:i], middle[i:]
		stamp, _, _ = strings.Cut(stamp, "-")
		nanos, err := strconv.ParseInt(stamp, 16, 64)
		if err != nil || entry.IsDir() {
			continue // somebody else's
		}
		p.at, p.free = time.Unix(0, nanos), suffix == waits
		switch {
		case suffix == waits || suffix == claimed:
			found = append(found, p)
		case suffix == rest && f.orphaned(p):
			_ = os.Remove(p.name) // the part that it is the rest of is there as a whole
		}
	}
	slices.SortFunc(found, func(a, b part) int { return a.at.Compare(b.at) })
	return found, nil
}

// claim makes a part ours, and returns its name, or "" where somebody else was quicker.
func (f *File) claim(p part) (string, error) {
	if !p.free && !f.orphaned(p) {
		return "", nil
	}
	name := f.newPartName(time.Now(), claimed) // from which on it is ours
	if err := os.Rename(p.name, name); err != nil {
		return "", unlessGone(err)
	}
	return name, nil
}

// orphaned reports whether whoever has a part must have died. A time to come is that of a clock that went wrong.
func (f *File) orphaned(p part) bool {
	age := time.Since(p.at)
	return age < 0 || age >= f.config.Lease
}

func unlessGone(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}
