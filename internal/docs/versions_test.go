package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// What several files name has one version in all of them. Only collector/next.mod has another Collector.
func TestOneVersion(t *testing.T) {
	for what, named := range map[string]string{
		"the Collector":              `(?:telemetry\.io/collector|collector-contrib)\S* (v0\.\S+)|COLLECTOR_VERSION := (\S+)`,
		"the Collector's stable API": `telemetry\.io/collector\S* (v1\.\S+)`,
		"wazero":                     `tetratelabs/wazero (\S+)`,
		"Viceroy":                    `viceroy@([\d.]+)|^version=(\S+)|viceroyVersion = "viceroy (\S+)"`,
	} {
		versions, files := map[string][]string{}, 0
		for _, pattern := range []string{"go.mod", "*/go.mod", "*/*/go.mod", "collector/manifest.yaml", "Makefile", "scripts/install-viceroy.sh", "e2e/host_test.go", "docs/serve.md"} {
			found, err := filepath.Glob(root + "/" + pattern)
			require.NoError(t, err)
			for _, path := range found {
				text, err := os.ReadFile(path)
				require.NoError(t, err)
				for _, m := range regexp.MustCompile(`(?m)`+named).FindAllStringSubmatch(string(text), -1) {
					version := strings.Join(m[1:], "")
					if !slices.Contains(versions[version], path) {
						versions[version] = append(versions[version], path)
						files++
					}
				}
			}
		}
		assert.Len(t, versions, 1, "%s has several versions", what)
		assert.Greater(t, files, 1, what)
	}
}
