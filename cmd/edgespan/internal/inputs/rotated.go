package inputs

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Rotated is a file that log rotation may have made of a file with another name.
type Rotated struct {
	Path string
	Info os.FileInfo
}

// FindRotated returns the files that log rotation may have made of base, the oldest first. names are those in the folder, sorted.
func FindRotated(folder, base string, names []string) (found []Rotated) {
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	from, _ := slices.BinarySearch(names, stem)
	for _, name := range names[from:] {
		if !strings.HasPrefix(name, stem) {
			break
		}
		if !isRotated(name, base) || isBeingCompressed(name, names) {
			continue
		}
		path := filepath.Join(folder, name)
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			found = append(found, Rotated{path, info})
		}
	}
	slices.SortFunc(found, func(a, b Rotated) int {
		return cmp.Or(a.Info.ModTime().Compare(b.Info.ModTime()), cmp.Compare(b.Path, a.Path))
	})
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
