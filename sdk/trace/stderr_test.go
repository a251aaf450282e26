//go:build !js

package trace_test

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// stderrOf returns what f writes to standard error.
func stderrOf(t *testing.T, f func()) string {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "stderr")
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	standard := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = standard }()
	f()
	_, err = file.Seek(0, io.SeekStart)
	require.NoError(t, err)
	text, err := io.ReadAll(file)
	require.NoError(t, err)
	return string(text)
}
