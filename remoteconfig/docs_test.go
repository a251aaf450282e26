package remoteconfig

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block returns the first block of code in a language.
func block(t *testing.T, page, language string) string {
	t.Helper()
	_, text, _ := strings.Cut(page, "```"+language+"\n")
	text, _, found := strings.Cut(text, "```\n")
	require.True(t, found, language)
	return text
}

// The documents in docs/remote-config.md and doc.go are valid.
func TestDocumentsOfDocs(t *testing.T) {
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
}
