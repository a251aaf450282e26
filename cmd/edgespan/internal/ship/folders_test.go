package ship

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A folder that has not changed is not read again. A folder that has changed is.
func TestFoldersAreReadWhenTheyChange(t *testing.T) {
	dir := t.TempDir()
	past := time.Now().Add(-time.Hour)
	var f folders
	list := func() []string {
		names, err := f.list(dir)
		require.NoError(t, err)
		return names
	}
	for _, name := range []string{"a", "b", "c"} {
		writeFile(t, filepath.Join(dir, name), "")
		names := list()
		assert.Contains(t, names, name, "also where it has just been changed")
		require.NoError(t, os.Chtimes(dir, past, past))
		assert.Equal(t, names, list())
		past = past.Add(time.Minute)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "a")))
	assert.Equal(t, []string{"b", "c"}, list())
	for name, fails := range map[string]bool{"none": false, "b": true} {
		names, err := f.list(filepath.Join(dir, name))
		assert.Empty(t, names)
		assert.Equal(t, fails, err != nil, name)
	}
}
