package wasi

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/edgespan/edgespan/internal/diskfile"
)

const (
	waitingSuffix = ".part"
	claimedSuffix = ".sending"
	restSuffix    = ".rest" // an unfinished part, which belongs to the process that writes it
)

// part is a file of lines to which nobody appends any more. If a process still does, it appends the line to the next file too.
type part struct {
	name string    // including the folder
	at   time.Time // when it got this name
	free bool
}

// newPartName returns a new name for a part.
func (f *File) newPartName(at time.Time, suffix string) string {
	stamp := strconv.FormatUint(uint64(at.UnixNano()), 16) // without a sign, also if the clock is wrong
	return f.path + "." + stamp + "-" + strconv.FormatUint(rand.Uint64(), 36) + suffix
}

// take turns the file into a part. If there is no file, another process has taken it, and take returns nil.
func (f *File) take() error {
	err := os.Rename(f.path, f.newPartName(time.Now(), waitingSuffix))
	if link, ok := err.(*os.LinkError); ok { // its text contains the new name, so it would be a different error each time
		err = &os.PathError{Op: link.Op, Path: f.path, Err: link.Err}
	}
	return diskfile.UnlessGone(err)
}

// parts returns the existing parts, oldest first.
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
		nanos, err := strconv.ParseUint(stamp, 16, 64)
		if err != nil || entry.IsDir() {
			continue // not one of ours
		}
		p.at, p.free = time.Unix(0, int64(nanos)), suffix == waitingSuffix
		switch {
		case suffix == waitingSuffix || suffix == claimedSuffix:
			found = append(found, p)
		case suffix == restSuffix && f.orphaned(p):
			_ = os.Remove(p.name) // the whole part still exists
		}
	}
	slices.SortFunc(found, func(a, b part) int { return a.at.Compare(b.at) })
	return found, nil
}

// claim renames a part so that it belongs to this Flush, and returns its new name. It returns "" if another Flush has claimed
// it.
func (f *File) claim(p part) (string, error) {
	if !p.free && !f.orphaned(p) {
		return "", nil
	}
	name := f.newPartName(time.Now(), claimedSuffix) // after this rename it is ours
	if err := os.Rename(p.name, name); err != nil {
		return "", diskfile.UnlessGone(err)
	}
	return name, nil
}

// orphaned reports whether the process that has claimed the part must have died. A time in the future comes from a wrong clock.
func (f *File) orphaned(p part) bool {
	age := time.Since(p.at)
	return age < 0 || age >= f.config.Lease
}
