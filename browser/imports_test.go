package browser

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/gofiles"
)

// None of what a page links imports the packages whose tables alone are too large for one with TinyGo. CI has no
// TinyGo that would tell.
func TestImportsAreSmall(t *testing.T) {
	gofiles.Read(t, "..")
	cmd := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	require.NoError(t, err)
	ours := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		names := strings.Fields(line)
		if !strings.HasPrefix(names[0], "github.com/") {
			continue
		}
		ours++
		for _, large := range []string{"bytes", "encoding/json", "fmt", "net/http", "os", "regexp", "strings", "unicode"} {
			assert.NotContains(t, names[1:], large, names[0])
		}
	}
	assert.Greater(t, ours, 3)
}
