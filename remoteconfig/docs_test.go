package remoteconfig

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block returns the first block of code in that language.
func block(t *testing.T, page, language string) string {
	t.Helper()
	_, text, _ := strings.Cut(page, "```"+language+"\n")
	text, _, found := strings.Cut(text, "```\n")
	require.True(t, found, language)
	return text
}

// The program of docs/remote-config.md compiles for the platform that it is for, and the page's documents are good ones.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/remote-config.md")
	require.NoError(t, err)
	page := string(text)
	require.NoError(t, Check(block(t, page, "json")))
	_, local, _ := strings.Cut(block(t, page, "toml"), "edgespan = '")
	local, _, _ = strings.Cut(local, "'")
	require.NoError(t, Check(local))

	story, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, example, _ := strings.Cut(string(story), "//	{\n")
	example, _, _ = strings.Cut(example, "//	}\n")
	require.NoError(t, Check("{"+strings.ReplaceAll(example, "//", "")+"}"))

	file := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(file, []byte(block(t, page, "go")), 0o600))
	vet := exec.Command("go", "vet", file)
	vet.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	out, err := vet.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
