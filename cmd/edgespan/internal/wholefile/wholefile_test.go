package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func put(name, text string) error {
	return Write(name, 0o640, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

func names(t *testing.T, folder string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, d := range list {
		names = append(names, d.Name())
	}
	return names
}

func TestReplacesAFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	require.NoError(t, put(name, "new"))
	assert.Equal(t, "new", read(t, name))

	require.NoError(t, os.Chmod(name, 0o600))
	before, err := os.Stat(name)
	require.NoError(t, err)
	require.True(t, os.SameFile(before, before), "Windows looks at which file it is now, and no sooner")
	require.NoError(t, os.WriteFile(name+".part", []byte("of a run that was killed, and long"), 0o666))
	require.NoError(t, put(name, "newer"))
	assert.Equal(t, "newer", read(t, name))
	after, err := os.Stat(name)
	require.NoError(t, err)
	assert.Equal(t, before.Mode(), after.Mode(), "its permissions")
	assert.False(t, os.SameFile(before, after), "whoever reads the old one goes on reading it")
	assert.Equal(t, []string{"file"}, names(t, dir))
}

func TestAnErrorLeavesTheFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	require.NoError(t, put(name, "old"))
	full := errors.New("full")
	assert.ErrorIs(t, Write(name, 0o600, func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return full }), full)
	assert.Equal(t, "old", read(t, name))
	assert.Equal(t, []string{"file"}, names(t, dir))
	assert.ErrorIs(t, put(filepath.Join(dir, "none", "file"), "x"), os.ErrNotExist)
	assert.Error(t, put(dir, "x"), "a folder")
}

// A link remains a link, whether its target exists or not, and whether its path leads through another folder or not.
func TestFollowsLinks(t *testing.T) {
	for _, there := range []bool{true, false} {
		dir := t.TempDir()
		link := func(to, name string) {
			if err := os.Symlink(filepath.FromSlash(to), filepath.Join(dir, name)); err != nil {
				t.Skip(err) // this system has none, or none for everybody
			}
		}
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700))
		link("a/b", "folder")
		if _, err := os.Stat(filepath.Join(dir, "folder")); err != nil {
			t.Skip(err) // so it is with wine
		}
		link("../target", "a/b/inner") // to a/target
		link("folder/inner", "outer")
		if there {
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a", "target"), []byte("old"), 0o600))
		}
		require.NoError(t, put(filepath.Join(dir, "outer"), "new"))
		assert.Equal(t, "new", read(t, filepath.Join(dir, "a", "target")))
		assert.Equal(t, []string{"a", "folder", "outer"}, names(t, dir))
		assert.Equal(t, []string{"b", "target"}, names(t, filepath.Join(dir, "a")))
		info, err := os.Lstat(filepath.Join(dir, "a", "b", "inner"))
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&os.ModeSymlink)

		link("round", "round")
		assert.ErrorContains(t, put(filepath.Join(dir, "round"), "x"), filepath.Join(dir, "round")+": too many")
	}
}

// Windows replaces no file that somebody has open. Those who look at it, such as virus scanners, close it soon.
func TestReplacesAFileThatIsLookedAt(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, put(name, "old"))
	f, err := os.Open(name)
	require.NoError(t, err)
	time.AfterFunc(50*time.Millisecond, func() { _ = f.Close() })
	require.NoError(t, put(name, "new"))
	assert.Equal(t, "new", read(t, name))
}
