package workers_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/gofiles"
)

// unwrapped are names of syumai/workers, by package, that the wrapper packages do not have, and the reasons.
var unwrapped = map[string]string{
	`cloudflare\.(New)?(KV|R2)\w+`:                   "deprecated names of packages kv and r2",
	`cloudflare\.DurableObjectNamespace\.IdFromName`: "it makes no request",
	`d1\.Conn(ector)?(\.\w+)?`:                       "OpenConnector returns an interface of database/sql",
	`fetch\.NewIncoming(Bot|TLS)\w+`:                 "NewIncomingProperties calls them",
	`sockets\..*`:                                    "connections have no spans",
}

// A wrapper package exports everything else that the original does, so that changing the import is enough. The test fails if
// syumai/workers adds something.
func TestWrappersAreComplete(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/syumai/workers").Output()
	require.NoError(t, err)
	original := filepath.Join(strings.TrimSpace(string(out)), "cloudflare")
	folders, err := os.ReadDir(original)
	require.NoError(t, err)
	names := []string{"."}
	for _, folder := range folders {
		if folder.IsDir() && folder.Name() != "internal" {
			names = append(names, folder.Name())
		}
	}
	needless := maps.Clone(unwrapped)
	for _, name := range names {
		wrapper := gofiles.Exported(t, filepath.Join("cloudflare", name))
		for id := range gofiles.Exported(t, filepath.Join(original, name)) {
			of, _, isMethod := strings.Cut(id, ".")
			full := filepath.Base(filepath.Join("cloudflare", name)) + "." + id
			known := wrapper[id] != "" || isMethod && wrapper[of] == "alias"
			for pattern := range unwrapped {
				if !known && regexp.MustCompile("^"+pattern+"$").MatchString(full) {
					known = true
					delete(needless, pattern)
				}
			}
			assert.True(t, known, "the wrapper package has no %s, and unwrapped has no reason", full)
		}
	}
	assert.Empty(t, needless, "these are in unwrapped for no name")
}
