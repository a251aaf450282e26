package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Messages that pages quote are those that the code writes, so that readers recognize them on stderr.
func TestMessages(t *testing.T) {
	all := pages(t)
	for _, m := range []struct{ page, text, folder string }{
		{"docs/ship.md", "the rest of its old content is in no file beside it", "cmd/edgespan/internal/ship"},
		{"docs/workers.md", "no answer within Config.Timeout, or a shorter limit of the Transport's or the caller's", "otlphttp"},
		{"docs/workers.md", "spans lost in this isolate so far", "workers"},
		{"docs/testing.md", "; the previous settings stay", "remoteconfig"},
		{"docs/remote-config.md", "a status from 100 to 599, or a class such as", "remoteconfig"},
		{"docs/remote-config.md", "; the compiled-in settings apply", "remoteconfig"},
	} {
		assert.True(t, strings.Contains(all[m.page], m.text), "%s does not have %q", m.page, m.text)
		files, err := filepath.Glob(filepath.Join(root, m.folder, "*.go"))
		require.NoError(t, err)
		var code strings.Builder
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			read, err := os.ReadFile(path)
			require.NoError(t, err)
			code.Write(read)
		}
		assert.True(t, strings.Contains(code.String(), m.text), "%s quotes %q, which is not in %s", m.page, m.text, m.folder)
	}
}
