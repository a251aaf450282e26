package middleware

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The program of docs/long-lived.md compiles for the platform that it is for.
func TestLongLivedProgram(t *testing.T) {
	page, err := os.ReadFile("../docs/long-lived.md")
	require.NoError(t, err)
	_, program, _ := strings.Cut(string(page), "```go\n")
	program, _, found := strings.Cut(program, "```\n")
	require.True(t, found)
	file := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(file, []byte(program), 0o600))
	vet := exec.Command("go", "vet", file)
	vet.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := vet.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
