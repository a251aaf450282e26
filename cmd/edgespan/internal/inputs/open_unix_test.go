//go:build unix

package inputs

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A named pipe can only be opened when somebody opens it for writing, which may never happen.
func TestOpenWaitsForAWriterUntilItIsStopped(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	opened, errs := OpenFiles(ctx, []string{pipe, "another"}, false)
	assert.Empty(t, opened)
	require.Len(t, errs, 1, "no more is tried")
	assert.ErrorContains(t, errs[0], pipe+": stopped before it was open")
	w, err := os.OpenFile(pipe, os.O_RDWR, 0) // O_RDWR, so that it does not wait for a reader
	require.NoError(t, err)
	f, err := Open(context.Background(), pipe)
	require.NoError(t, err)
	defer f.Close()
	_, err = w.WriteString("x")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "x", string(text))
}
