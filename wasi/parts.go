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

// name returns a new name for a part. They sort by time.
func (f *File) name(suffix string) string {
	now := strconv.FormatInt(time.Now().UnixNano(), 16)
	return f.path + "." + now + "-" + strconv.FormatUint(rand.Uint64(), 36) + suffix
}

// take makes a part of the file. One that is not there has been taken by somebody else.
func (f *File) take() error {
	return unlessGone(os.Rename(f.path, f.name(waits)))
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
		stamp, ok := strings.CutSuffix(middle, waits)
		if p.free = ok; !ok {
			if stamp, ok = strings.CutSuffix(middle, claimed); !ok {
				continue
			}
		}
		stamp, _, _ = strings.Cut(stamp, "-")
		nanos, err := strconv.ParseInt(stamp, 16, 64)
		if err != nil {
			continue // somebody else's
		}
		p.at = time.Unix(0, nanos)
		found = append(found, p)
	}
	slices.SortFunc(found, func(a, b part) int { return a.at.Compare(b.at) })
	return found, nil
}

// claim makes a part ours, and returns its name, or "" where somebody else was quicker.
func (f *File) claim(p part) (string, error) {
	if age := time.Since(p.at); !p.free && age >= 0 && age < f.config.Lease {
		return "", nil
	}
	name := f.name(claimed)
	if err := os.Rename(p.name, name); err != nil {
		return "", unlessGone(err)
	}
	return name, nil
}

func unlessGone(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}
