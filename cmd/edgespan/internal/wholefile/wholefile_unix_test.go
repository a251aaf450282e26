//go:build unix

package wholefile

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A file that is not regular is written to, and not replaced, also through a link. Never try this with a system device.
func TestWritesToAPipe(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	require.NoError(t, os.Symlink("pipe", link))
	for _, name := range []string{pipe, link} {
		got := make(chan string)
		go func() {
			defer close(got)
			f, err := os.Open(pipe)
			if assert.NoError(t, err) {
				text, _ := io.ReadAll(f)
				_ = f.Close() // otherwise the next writer would meet this reader
				got <- string(text)
			}
		}()
		require.NoError(t, put(name, "text"))
		assert.Equal(t, "text", <-got)
		info, err := os.Lstat(pipe)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&os.ModeNamedPipe)
		assert.Equal(t, []string{"link", "pipe"}, names(t, dir))
	}
}
