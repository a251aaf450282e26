package workers_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/attrdocs"
)

// TestEveryAttributeIsDocumented checks that docs/workers.md or docs/spans.md has each attribute that the middleware and the
// wrapper packages record. In a line of these pages, `.c` after `x.a.b` means x.a.c.
func TestEveryAttributeIsDocumented(t *testing.T) {
	const key = `(?:http|url|server|client|network|user_agent|error|exception|faas|tls|geo|cache|cloudflare|db|messaging)\.[a-z0-9_.]*[a-z0-9]`
	documented := attrdocs.Documented(t, key, "../docs/workers.md", "../docs/spans.md")
	documented["cloudflare.workers"] = true // a value
	recorded := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, use := range attrdocs.Recorded(t, key, path) {
			recorded++
			assert.True(t, documented[use.Key], "%s is recorded in %s, and not in docs/workers.md", use.Key, path)
		}
		return nil
	}))
	require.Greater(t, recorded, 40)
}
