package otelbridge_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A service that uses the bridge must not link the OpenTelemetry SDK or the package of a platform.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	for _, path := range strings.Fields(string(out)) {
		for _, heavy := range []string{"go.opentelemetry.io/otel/sdk", "go.opentelemetry.io/contrib", "google.golang.org", "net/http", "github.com/fastly"} {
			assert.False(t, strings.HasPrefix(path, heavy), path)
		}
	}
}
