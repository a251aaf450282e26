package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModulesThatCanNotRun(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for _, tt := range []struct{ path, want string }{
		{filepath.Join(dir, "none.wasm"), "GOOS=wasip1 GOARCH=wasm go build -o " + filepath.Join(dir, "none.wasm") + " ., where . is the folder with your func main"},
		{write("archive.wasm", "!<arch>\n__.PKGDEF"), "archive.wasm was built from a package that is not main, so it is not a program: build it with: GOOS"},
		{write("elf", "\x7fELF"), "is not a WebAssembly module"},
		{write("component.wasm", "\x00asm\x0d\x00\x01\x00"), "component"},
		{write("broken.wasm", "\x00asm\x01\x00\x00\x00\x01\x7f"), "broken.wasm"},
		{write("main.go", "package main"), "main.go is not a WebAssembly module: build it with: GOOS=wasip1 GOARCH=wasm go build -o bin/main.wasm ."},
		{write("page.wasm", "\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x02\x0a\x01\x04gojs\x01f\x00\x00"), "page.wasm was compiled for a web page (GOOS=js), not for Compute"},
		{write("library.wasm", "\x00asm\x01\x00\x00\x00"), "exports no _start"},
	} {
		_, err := New(Config{Wasm: tt.path})
		assert.ErrorContains(t, err, tt.want)
	}
	for path, want := range map[string]string{
		"none.wasm": "there is no compiled service at ", "archive.wasm": "not main", "main.go": "not a WebAssembly module", "page.wasm": "for a web page", "library.wasm": "no _start",
	} {
		_, err := New(Config{Wasm: filepath.Join(dir, path), Build: "make wasm"})
		if assert.ErrorContains(t, err, want) {
			assert.Regexp(t, "build it with: make wasm$", err.Error())
		}
	}
}

// smallest returns a module that does nothing. Different names make different modules.
func smallest(name string) string {
	return "\x00asm\x01\x00\x00\x00" +
		"\x01\x04\x01\x60\x00\x00" + // a type: no parameters, no results
		"\x03\x02\x01\x00" + // a function of this type
		"\x07\x0a\x01\x06_start\x00\x00" + // exported as _start
		"\x0a\x04\x01\x02\x00\x0b" + // which does nothing
		"\x00" + string(rune(len(name)+2)) + string(rune(len(name))) + name + "x" // a custom section without meaning
}

// startOnce makes a host with the module, and closes the host.
func startOnce(t *testing.T, module, cacheDir string) (stderr string) {
	t.Helper()
	wasm := filepath.Join(t.TempDir(), "smallest.wasm")
	require.NoError(t, os.WriteFile(wasm, []byte(smallest(module)), 0o600))
	var out strings.Builder
	h, err := New(Config{Wasm: wasm, CacheDir: cacheDir, Stderr: &out})
	require.NoError(t, err)
	require.NoError(t, h.Close())
	return out.String()
}

// files lists the files below dir.
func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	}))
	return all
}

func TestCompiledCodeIsKept(t *testing.T) {
	dir := t.TempDir()
	startOnce(t, "a", dir)
	first := files(t, dir)
	require.Len(t, first, 1)
	before, err := os.Stat(first[0])
	require.NoError(t, err)
	startOnce(t, "a", dir)
	after, err := os.Stat(first[0])
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, after), "it is not written anew")
	startOnce(t, "b", dir)
	assert.Len(t, files(t, dir), 2)
}

// The code of a module that is used stays, however long ago it was compiled.
func TestCompiledCodeGoesByItsUse(t *testing.T) {
	dir := t.TempDir()
	place := func(name string) codeCache { return newCodeCache(dir, []byte(smallest(name))) }
	long := time.Now().Add(-time.Hour)
	for i, name := range []string{"first", "second", "third"} {
		startOnce(t, name, dir)
		when := long.Add(time.Duration(i) * time.Minute)
		for _, path := range append(files(t, place(name).dir), place(name).dir) {
			require.NoError(t, os.Chtimes(path, when, when))
		}
	}
	startOnce(t, "first", dir) // again
	size := sizeBelow(dir)
	startOnce(t, "fourth", dir)
	place("fourth").prune(size)
	assert.DirExists(t, place("first").dir, "compiled first, and used after the others")
	assert.NoDirExists(t, place("second").dir)
	assert.DirExists(t, place("third").dir)
	assert.DirExists(t, place("fourth").dir)
	place("fourth").prune(0)
	assert.Len(t, files(t, dir), 1, "what is used stays, whatever its size")
	assert.DirExists(t, place("fourth").dir)
}

// A file that is cut off, or that another program wrote, does not keep a service from starting.
func TestBrokenCompiledCodeIsLeftOut(t *testing.T) {
	dir := t.TempDir()
	startOnce(t, "a", dir)
	require.NoError(t, os.WriteFile(files(t, dir)[0], []byte("no code"), 0o600))
	assert.Contains(t, startOnce(t, "a", dir), "compiled code cannot be kept for the next start: ")
	assert.Empty(t, files(t, dir))
	assert.Empty(t, startOnce(t, "a", dir), "the next start keeps it again")
	assert.Len(t, files(t, dir), 1)

	none := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(none, nil, 0o600))
	assert.Contains(t, startOnce(t, "a", none), "compiled code cannot be kept for the next start: ")
}
