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

// FindRotated returns the files that log rotation may have made of those with a name, the oldest first. list lists a folder, sorted.
// If the name is a link, log rotation may also have renamed the file that it leads to.
func FindRotated(name string, list func(folder string) []string) (found []Rotated) {
	paths := []string{name}
	if info, err := os.Lstat(name); err == nil && info.Mode()&os.ModeSymlink != 0 {
		if target, err := filepath.EvalSymlinks(name); err == nil {
			paths = append(paths, target)
		}
	}
	seen := map[string]Rotated{} // by name: the link and what it leads to may be in one folder
	for _, path := range paths {
		folder, base := filepath.Split(path)
		for _, r := range rotatedIn(folder, base, list(filepath.Join(folder, "."))) {
			rotatedName := filepath.Base(r.Path)
			if other, is := seen[rotatedName]; !is || !os.SameFile(other.Info, r.Info) {
				seen[rotatedName] = r
				found = append(found, r)
			}
		}
	}
	slices.SortFunc(found, func(a, b Rotated) int {
		return cmp.Or(a.Info.ModTime().Compare(b.Info.ModTime()), cmp.Compare(b.Path, a.Path))
	})
	return found
}

// rotatedIn returns the files that log rotation may have made of base in its folder, whose sorted names are given.
func rotatedIn(folder, base string, names []string) (found []Rotated) {
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
