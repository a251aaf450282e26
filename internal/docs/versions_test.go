package docs

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// README and the page for older services name the versions that go.mod requires.
func TestRequiredVersions(t *testing.T) {
	mod, err := os.ReadFile(root + "/go.mod")
	require.NoError(t, err)
	sdk := regexp.MustCompile(`(?m)^\tgithub\.com/fastly/compute-sdk-go (\S+)$`).FindSubmatch(mod)
	goLine := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)
	require.NotNil(t, sdk)
	require.NotNil(t, goLine)
	texts := pages(t)
	assert.Contains(t, texts["README.md"], "compute-sdk-go to "+string(sdk[1])+", and Go to "+string(goLine[1]))
	assert.Contains(t, texts["docs/older-services.md"], "requires compute-sdk-go "+string(sdk[1])+", and Go "+string(goLine[1])+" in go.mod")
	assert.Contains(t, texts["docs/older-services.md"], "compute-sdk-go@"+string(sdk[1])+" && go mod edit -go="+string(goLine[1]))
}
