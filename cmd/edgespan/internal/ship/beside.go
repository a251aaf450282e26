package ship

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
)

// beside is a file that has the input's name now (then named is set), or that log rotation may have made of a file with that name,
// such as spans.log.1, spans.log-20260131.gz or spans-2026-01-31.log for spans.log.
type beside struct {
	path  string
	info  os.FileInfo
	named bool
	open  *os.File // set for a file that lost the name and is known only because it is open
}

// find returns the files that exist, the oldest first, and the one with the input's name last.
func (in *input) find() (found []beside) {
	folder, base := filepath.Split(in.key)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	now, errNow := os.Stat(in.key)
	var list []string
	if !in.alone {
		list = in.folders.list(folder)
	}
	from, _ := slices.BinarySearch(list, stem)
	for _, name := range list[from:] {
		if !strings.HasPrefix(name, stem) {
			break
		}
		if !isRotated(name, base) || isBeingCompressed(name, list) {
			continue
		}
		info, err := os.Lstat(filepath.Join(folder, name))
		if err == nil && info.Mode().IsRegular() && !(errNow == nil && os.SameFile(info, now)) {
			found = append(found, beside{path: filepath.Join(folder, name), info: info})
		}
	}
	slices.SortFunc(found, func(a, b beside) int {
		return cmp.Or(a.info.ModTime().Compare(b.info.ModTime()), cmp.Compare(b.path, a.path))
	})
	if errNow == nil {
		found = append(found, beside{path: in.key, info: now, named: true})
	}
	if in.held == nil {
		return found
	}
	mine, err := in.held.Stat()
	if err == nil && !slices.ContainsFunc(found, func(b beside) bool { return os.SameFile(b.info, mine) }) {
		found = slices.Insert(found, max(0, len(found)-1), beside{path: in.key, info: mine, open: in.held})
	}
	return found
}

// rotation matches what log rotation adds to a name.
var rotation = regexp.MustCompile(`^[.-][0-9][0-9T:._-]*$`)

// isRotated tells whether log rotation may have made name, which has no folder, of base.
func isRotated(name, base string) bool {
	ext := filepath.Ext(base)
	for _, name := range []string{name, uncompressed(name)} {
		added, is := strings.CutPrefix(name, base)
		if is && rotation.MatchString(added) {
			return true
		}
		added, is = strings.CutPrefix(name, strings.TrimSuffix(base, ext))
		if added, ends := strings.CutSuffix(added, ext); is && ends && rotation.MatchString(added) {
			return true
		}
	}
	return false
}

func uncompressed(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
}

// isBeingCompressed tells whether the file is a compressed copy whose original still exists, so it may be incomplete.
func isBeingCompressed(name string, list []string) bool {
	from := uncompressed(name)
	_, is := slices.BinarySearch(list, from)
	return from != name && is
}

func isSame(a, b beside) bool { return a.path == b.path && os.SameFile(a.info, b.info) }

var errMoved = errors.New("the file has been renamed")

// file opens the file.
func (b *beside) file(ctx context.Context) (*os.File, error) {
	if b.open != nil {
		return b.open, nil
	}
	f, err := inputs.Open(ctx, b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errMoved
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !os.SameFile(info, b.info) {
		_ = f.Close()
		return nil, errMoved
	}
	return f, nil
}
