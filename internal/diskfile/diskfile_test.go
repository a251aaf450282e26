package diskfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	for _, text := range []string{"long text", "short", ""} {
		require.NoError(t, Write(name, []byte(text), 0o600))
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, text, string(got))
	}
	assert.Error(t, Write(filepath.Join(name, "below a file"), nil, 0o600))
}

func TestUnlessGone(t *testing.T) {
	dir := t.TempDir()
	assert.NoError(t, UnlessGone(nil))
	assert.NoError(t, UnlessGone(os.Remove(filepath.Join(dir, "none"))))
	assert.ErrorIs(t, UnlessGone(os.Mkdir(dir, 0o700)), os.ErrExist)
}
