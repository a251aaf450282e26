package workers_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryAttributeIsDocumented checks that docs/workers.md or docs/spans.md has each attribute that the middleware and the
// wrapper packages record. In a line of these pages, `.c` after `x.a.b` means x.a.c.
func TestEveryAttributeIsDocumented(t *testing.T) {
	const key = `(?:http|url|server|client|network|user_agent|error|exception|faas|tls|geo|cache|cloudflare|db|messaging)\.[a-z0-9_.]*[a-z0-9]`
	documented := map[string]bool{"cloudflare.workers": true} // a value
	for _, page := range []string{"../docs/workers.md", "../docs/spans.md"} {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			before := ""
			for _, m := range regexp.MustCompile("`("+key+"|\\.[a-z_.]+)(?:\\.<name>)?`").FindAllStringSubmatch(line, -1) {
				name := m[1]
				if name[0] == '.' {
					documented[before+name] = true
				} else {
					documented[name], before = true, name[:strings.LastIndexByte(name, '.')]
				}
			}
		}
	}
	recorded := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`"(`+key+`)"`).FindAllStringSubmatch(string(text), -1) {
			recorded++
			assert.True(t, documented[m[1]], "%s is recorded in %s, and not in docs/workers.md", m[1], path)
		}
		return err
	}))
	require.Greater(t, recorded, 40)
}
