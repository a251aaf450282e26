package inputs

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAmong(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.WriteFile("a", nil, 0o600))
	require.NoError(t, os.WriteFile("b", nil, 0o600))
	require.NoError(t, os.Link("a", "hard"))
	for _, name := range []string{"a", "./a", filepath.Join(dir, "a"), "hard"} {
		assert.True(t, Among([]string{"b", "a"}, name), name)
	}
	if runtime.GOOS != "windows" { // where a link takes a privilege
		require.NoError(t, os.Symlink("a", "soft"))
		assert.True(t, Among([]string{"b", "a"}, "soft"))
		assert.True(t, Among([]string{"a"}, "./soft"))
	}
	assert.False(t, Among([]string{"a"}, "b"))
	assert.False(t, Among(nil, "a"))
	assert.True(t, Among([]string{"new"}, "./new"), "neither is there yet")
	assert.False(t, Among([]string{"a", "none"}, "new"))
	assert.False(t, Among([]string{os.DevNull}, os.DevNull))
}
