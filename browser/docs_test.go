package browser

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// docs/browser.md has each attribute that only pages have.
func TestEveryAttributeIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/browser.md")
	require.NoError(t, err)
	text := strings.ReplaceAll(string(page), "`.", "`edgespan.web_vital.") // abbreviated only there
	sources, err := filepath.Glob("*_js.go")
	require.NoError(t, err)
	recorded := 0
	for _, name := range sources {
		code, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"(edgespan\.[a-z_.]*[a-z])"`).FindAllStringSubmatch(string(code), -1) {
			recorded++
			assert.True(t, strings.Contains(text, "`"+m[1]+"`"), "%s is recorded in %s, and not in docs/browser.md", m[1], name)
		}
	}
	assert.Greater(t, recorded, 6)
}
