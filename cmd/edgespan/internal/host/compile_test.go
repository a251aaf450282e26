package host

import (
	"os"
	"path/filepath"
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
		{filepath.Join(dir, "none.wasm"), "GOOS=wasip1 GOARCH=wasm go build -o " + filepath.Join(dir, "none.wasm")},
		{write("elf", "\x7fELF"), "is no WebAssembly module"},
		{write("component.wasm", "\x00asm\x0d\x00\x01\x00"), "component"},
		{write("broken.wasm", "\x00asm\x01\x00\x00\x00\x01\x7f"), "broken.wasm"},
		{write("library.wasm", "\x00asm\x01\x00\x00\x00"), "exports no _start"},
	} {
		_, err := New(Config{Wasm: tt.path})
		assert.ErrorContains(t, err, tt.want)
	}
}

func TestCompiledCodeIsKept(t *testing.T) {
	dir := t.TempDir()
	wasm := filepath.Join(t.TempDir(), "smallest.wasm")
	require.NoError(t, os.WriteFile(wasm, []byte("\x00asm\x01\x00\x00\x00"+
		"\x01\x04\x01\x60\x00\x00"+ // a type: no parameters, no results
		"\x03\x02\x01\x00"+ // a function of this type
		"\x07\x0a\x01\x06_start\x00\x00"+ // exported as _start
		"\x0a\x04\x01\x02\x00\x0b"), 0o600)) // that does nothing
	h, err := New(Config{Wasm: wasm, CacheDir: dir})
	require.NoError(t, err)
	require.NoError(t, h.Close())
	var files int
	filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
		}
		return nil
	})
	assert.Equal(t, 1, files)
}

func TestPruneCache(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"oldest", "older", "newest"} {
		f, err := os.Create(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NoError(t, f.Truncate(cacheLimit/2))
		f.Close()
		when := time.Now().Add(time.Duration(i-5) * time.Hour)
		require.NoError(t, os.Chtimes(f.Name(), when, when))
	}
	pruneCache(dir)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
	assert.NoFileExists(t, filepath.Join(dir, "oldest"))
}
