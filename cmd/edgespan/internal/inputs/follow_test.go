package inputs

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// followed follows a file with a context that has ended, so Read returns at the end of everything.
func followed(t *testing.T, text string) (name string, f io.ReadCloser) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	file, err := open(name)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f = Follow(ctx, []Input{{name, file}})[0].Reader
	t.Cleanup(func() { _ = f.Close() })
	return name, f
}

func readAll(t *testing.T, f io.Reader) string {
	t.Helper()
	all, err := io.ReadAll(f)
	require.NoError(t, err)
	return string(all)
}

// Lines that the old file gets after its end was reached, and before it is found to be replaced, are read. While the new file is
// empty, the writer may not know of it yet.
func TestFollowReadsAReplacedFileToItsEnd(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nobody renames what a program writes to")
	}
	name, f := followed(t, "a\n")
	assert.Equal(t, "a\n", readAll(t, f))

	old, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	defer old.Close()
	require.NoError(t, os.Rename(name, name+".1"))
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	_, err = old.WriteString("b\n")
	require.NoError(t, err)
	assert.Equal(t, "b\n", readAll(t, f))
	_, err = old.WriteString("c\ntorn")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, []byte("d\n"), 0o600))
	assert.Equal(t, "c\ntorn\nd\n", readAll(t, f))
}

// The last lines of the old file are read even if the new file is seen first.
func TestTailLooksAtAReplacedFileOnceMore(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	file, err := open(name)
	require.NoError(t, err)
	defer file.Close()
	require.NoError(t, os.Rename(name, name+".1"))
	require.NoError(t, os.WriteFile(name, []byte("b\n"), 0o600))
	tail := newTail(context.Background(), name, file)
	tail.replaced = tail.isReplaced()
	require.True(t, tail.replaced)
	require.NoError(t, os.WriteFile(name+".1", []byte("a\n"), 0o600))
	assert.Equal(t, "a\n", readAll(t, tail))
	assert.True(t, tail.over)
}

// A file that is truncated inside a line starts again, and the torn line is not joined to the first new one.
func TestFollowEndsATornLineOfACutFile(t *testing.T) {
	name, f := followed(t, "first\ntorn here")
	assert.Equal(t, "first\ntorn here", readAll(t, f))
	require.NoError(t, os.WriteFile(name, []byte("new\n"), 0o600))
	assert.Equal(t, "\nnew\n", readAll(t, f))
}

// A truncated file may be longer than before by the time that anybody looks.
func TestFollowSeesThatACutFileHasGrownAgain(t *testing.T) {
	for _, before := range []string{"a\n", "a line\nand another\n"} {
		name, f := followed(t, before)
		assert.Equal(t, before, readAll(t, f))
		require.NoError(t, os.WriteFile(name, []byte("what is longer than before\nnew\n"), 0o600))
		assert.Equal(t, "what is longer than before\nnew\n", readAll(t, f))
	}
}

// Of a file that was rotated several times between two looks, all are read, in their order, and none that was there before.
func TestFollowReadsWhatWasRotatedMeanwhile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "log")
	write := func(name, text string, age time.Duration) {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		at := time.Now().Add(-age)
		require.NoError(t, os.Chtimes(name, at, at))
	}
	write(name+".7", "old\n", time.Hour)
	write(name, "a\n", time.Minute)
	file, err := open(name)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := Follow(ctx, []Input{{name, file}})[0].Reader
	defer f.Close()
	assert.Equal(t, "a\n", readAll(t, f))

	require.NoError(t, os.Rename(name+".7", name+".10"))
	require.NoError(t, os.Rename(name, name+".9"))
	write(name+".8", "b\ntorn", 50*time.Second)
	write(name+".1", "c\n", 40*time.Second)
	write(name+".2.gz", "\x1f\x8b of a", 45*time.Second)
	write(name+".other", "of another program\n", 45*time.Second)
	write(name, "d\n", 0)
	assert.Equal(t, "b\ntorn\nc\nd\n", readAll(t, f))

	require.NoError(t, os.Rename(name, name+".0"))
	write(name, "e\n", 0)
	assert.Equal(t, "e\n", readAll(t, f), "none is read again")
	require.NoError(t, os.WriteFile(name+".01", []byte("e\n"), 0o600)) // a copy of what is cut short
	require.NoError(t, os.WriteFile(name, []byte("f\n"), 0o600))
	assert.Equal(t, "f\n", readAll(t, f))
	require.NoError(t, os.Rename(name, name+".00"))
	write(name, "g\n", 0)
	assert.Equal(t, "g\n", readAll(t, f))
}
