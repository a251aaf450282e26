package inputs

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a file gets between the moment in which its end was seen and that in which it is found replaced is read.
func TestFollowReadsAReplacedFileToItsEnd(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(name, []byte("a\n"), 0o600))
	file, err := os.Open(name)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // at the end of all, Read returns
	f := NewFollower(ctx, name, file)
	defer f.Close()
	all, err := io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "a\n", string(all))

	old, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	defer old.Close()
	require.NoError(t, os.Rename(name, name+".1"))
	require.NoError(t, os.WriteFile(name, []byte("c\n"), 0o600))
	again, _ := f.renew()
	require.True(t, again, "before the old file is looked at again")
	_, err = old.WriteString("b\ntorn")
	require.NoError(t, err)

	all, err = io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "b\ntorn\nc\n", string(all))
}

// A file that is cut short within a line begins anew, and the line that was torn is not glued to it.
func TestFollowEndsATornLineOfACutFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(name, []byte("first\ntorn here"), 0o600))
	file, err := os.Open(name)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := NewFollower(ctx, name, file)
	defer f.Close()
	var began []int64
	f.Began = func(_ *os.File, at int64) { began = append(began, at) }
	all, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, []byte("new\n"), 0o600))
	more, err := io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "first\ntorn here\nnew\n", string(all)+string(more))
	assert.Equal(t, []int64{16}, began)
}
