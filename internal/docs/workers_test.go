package docs

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/attrdocs"
)

// docs/workers.md or docs/spans.md has each attribute that the module workers records. Workers have each attribute of a Compute
// service's requests, except Fastly's own. The test is here because go test does not notice changes outside of a test's module.
func TestAttributesOfWorkers(t *testing.T) {
	const key = `(?:http|url|server|client|network|user_agent|error|exception|faas|tls|geo|cache|cloudflare|db|messaging)\.[a-z0-9_.]*[a-z0-9]`
	documented := attrdocs.Documented(t, key, root+"/docs/workers.md", root+"/docs/spans.md")
	documented["cloudflare.workers"] = true // a value
	recorded := map[string]bool{}
	require.NoError(t, filepath.WalkDir(root+"/workers", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, use := range attrdocs.Recorded(t, key, path) {
			recorded[use.Key] = true
			assert.True(t, documented[use.Key], "%s is recorded in %s, and not in docs/workers.md", use.Key, path)
		}
		return nil
	}))
	require.Greater(t, len(recorded), 40)
	for _, use := range attrdocs.Recorded(t, key, root+"/middleware/server.go") {
		assert.True(t, recorded[use.Key], "%s is recorded in %s, and not for Workers", use.Key, use.File)
	}
}
