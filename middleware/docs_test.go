package middleware

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/attrdocs"
)

// TestEveryAttributeIsDocumented checks that docs/spans.md lists every attribute that the middleware and the tracer record by
// themselves, and no attribute that they do not record.
func TestEveryAttributeIsDocumented(t *testing.T) {
	const page = "../docs/spans.md"
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	sources = append(slices.DeleteFunc(sources, func(name string) bool {
		return name == "edge.go" || strings.HasSuffix(name, "_test.go")
	}), "../sdk/trace/finish.go")
	recorded := recordedIn(t, sources...)
	require.Greater(t, len(recorded), 25)
	documented := attrdocs.Documented(t, attributeKey, page)
	for name := range recorded {
		assert.True(t, documented[name], "%s is recorded, and not in %s", name, page)
	}
	for name := range documented {
		if !strings.HasPrefix(name, "faas.") { // of the resource
			assert.True(t, recorded[name], "%s is in %s, and none of these files records it: %s", name, page, sources)
		}
	}
}

// TestEveryEdgeAttributeIsDocumented does the same for the attributes that a Config chooses by naming a function.
func TestEveryEdgeAttributeIsDocumented(t *testing.T) {
	const page = "../docs/edge-attributes.md"
	recorded := recordedIn(t, "edge.go", "clientgeo/clientgeo.go")
	require.Greater(t, len(recorded), 20)
	documented := attrdocs.Documented(t, attributeKey, page)
	for name := range recorded {
		assert.True(t, documented[name], "%s is recorded, and not in %s", name, page)
	}
}

const attributeKey = `(?:http|url|server|client|network|user_agent|fastly|error|exception|edgespan|faas|tls|geo)\.[a-z0-9_.]*[a-z0-9]`

// recordedIn returns the attributes whose keys are in sources of Go.
func recordedIn(t *testing.T, sources ...string) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	for _, use := range attrdocs.Recorded(t, attributeKey, sources...) {
		keys[use.Key] = true
	}
	return keys
}
