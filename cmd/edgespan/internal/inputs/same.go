package inputs

import (
	"os"
	"path/filepath"
	"slices"
)

// Among tells whether name is the same file as one of names, even under another name. A terminal or a device never counts, because
// it can be read and written at the same time.
func Among(names []string, name string) bool {
	return slices.ContainsFunc(names, func(other string) bool { return same(other, name) })
}

func same(a, b string) bool {
	x, errX := stat(a)
	y, errY := stat(b)
	if errX == nil && errY == nil {
		return x.Mode().IsRegular() && os.SameFile(x, y)
	}
	if errX == nil || errY == nil {
		return false
	}
	a, errX = filepath.Abs(a)
	b, errY = filepath.Abs(b)
	return errX == nil && errY == nil && a == b
}

func stat(name string) (os.FileInfo, error) {
	if name == Stdin {
		return os.Stdin.Stat()
	}
	return os.Stat(name)
}
