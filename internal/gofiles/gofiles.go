// Package gofiles helps tests of Go sources: it makes their results depend on files that the go command reads for them, and lists what a
// package exports.
package gofiles

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Read reads the Go files below a folder and throws them away. `go test` shows the earlier result of a test, "(cached)", unless
// the test's own package or a file that the test has opened has changed. What the test lets `go list` or `go build` read does
// not count, so a test that does this calls Read. Only files of the test's own module count.
func Read(t testing.TB, folder string) {
	t.Helper()
	read := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != folder:
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go"):
			return nil
		}
		read++
		_, err = os.ReadFile(path)
		return err
	})
	if err != nil || read == 0 {
		t.Fatalf("%d Go files below %s: %v", read, folder, err)
	}
}
