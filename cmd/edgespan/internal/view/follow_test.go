package view

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
	f := &follower{ctx: ctx, name: name, file: file}
	defer f.Close()
	all, err := io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "a\n", string(all))

	old, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	defer old.Close()
	require.NoError(t, os.Rename(name, name+".1"))
	require.NoError(t, os.WriteFile(name, []byte("c\n"), 0o600))
	require.True(t, f.renew(), "before the old file is looked at again")
	_, err = old.WriteString("b\ntorn")
	require.NoError(t, err)

	all, err = io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "b\ntorn\nc\n", string(all))
}
