package inputs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOpenFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	require.NoError(t, os.WriteFile(good, []byte("x"), 0o600))
	inputs, errs := OpenFiles([]string{good, filepath.Join(dir, "none"), dir})
	require.Len(t, inputs, 1)
	inputs[0].Reader.Close()
	require.Len(t, errs, 2)
	assert.ErrorIs(t, errs[0], os.ErrNotExist)
	assert.ErrorContains(t, errs[1], "is a directory")
}
