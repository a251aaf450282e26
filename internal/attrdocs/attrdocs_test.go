package attrdocs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRecordedAndDocumented(t *testing.T) {
	const key = `(?:http|db)\.[a-z_.]*[a-z]`
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	source := file("a.go", `a.String("http.route", r); a.String("http.request.header."+name, v); a.String("db.x", "http.route"); "other.x"`)
	assert.Equal(t, []Use{{"http.route", source}, {"http.request.header", source}, {"db.x", source}, {"http.route", source}}, Recorded(t, key, source))

	page := file("a.md", "`.first` | `http.request.method`, `.size`, `.body.size` | `db.x`, `.y`\n`.z`, `http.request.header.<name>`, `other.x`, http.not_code\n")
	assert.Equal(t, map[string]bool{
		"http.request.method": true, "http.request.size": true, "http.request.body.size": true, "db.x": true, "db.y": true, "http.request.header": true,
	}, Documented(t, key, page))
}
