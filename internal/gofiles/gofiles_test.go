package gofiles_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/gofiles"
)

// A test that passed runs again if a file below the folder has changed or is new.
func TestRead(t *testing.T) {
	gofiles.Read(t, ".")
	dir := t.TempDir()
	age := 10 * time.Hour // go test does not keep the result of a test that opens a file younger than two seconds
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(dir, path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		age -= time.Hour
		for _, p := range []string{path, filepath.Dir(path), dir} {
			require.NoError(t, os.Chtimes(p, time.Now().Add(-age), time.Now().Add(-age)))
		}
	}
	source, err := os.ReadFile("gofiles.go")
	require.NoError(t, err)
	write("go.mod", "module m\n\ngo 1.24\n")
	write("gofiles/gofiles.go", string(source))
	write("m_test.go", "package m\n\nimport (\n\t\"testing\"\n\n\t\"m/gofiles\"\n)\n\nfunc Test(t *testing.T) { gofiles.Read(t, \"read\") }\n")
	write("read/deep/a.go", "package deep\n")
	cached := func() bool {
		t.Helper()
		cmd := exec.Command("go", "test", ".")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return strings.Contains(string(out), "(cached)")
	}
	cached()
	assert.True(t, cached(), "nothing has changed")
	write("read/deep/a.go", "package deep // changed\n")
	assert.False(t, cached(), "a file has changed")
	assert.True(t, cached(), "nothing has changed")
	write("read/b.go", "package read\n")
	assert.False(t, cached(), "a file is new")
}
