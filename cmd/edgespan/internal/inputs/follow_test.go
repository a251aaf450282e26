package inputs

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// followed is a file that is followed, by a context that has ended: at the end of all, Read returns.
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

// What a file gets between the moment in which its end was seen and that in which it is found replaced is read. While the new one is
// empty, whoever writes may not know of it.
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

// What was written last is read also where the new file is seen first.
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

// A file that is cut short within a line begins anew, and the line that was torn is not glued to it.
func TestFollowEndsATornLineOfACutFile(t *testing.T) {
	name, f := followed(t, "first\ntorn here")
	assert.Equal(t, "first\ntorn here", readAll(t, f))
	require.NoError(t, os.WriteFile(name, []byte("new\n"), 0o600))
	assert.Equal(t, "\nnew\n", readAll(t, f))
}

// A file that was cut short may have become longer than it was before anybody looks.
func TestFollowSeesThatACutFileHasGrownAgain(t *testing.T) {
	for _, before := range []string{"a\n", "a line\nand another\n"} {
		name, f := followed(t, before)
		assert.Equal(t, before, readAll(t, f))
		require.NoError(t, os.WriteFile(name, []byte("what is longer than before\nnew\n"), 0o600))
		assert.Equal(t, "what is longer than before\nnew\n", readAll(t, f))
	}
}
