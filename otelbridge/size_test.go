package otelbridge_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWasmSize builds the same service with more and more linked. The limits are there to notice large dependencies, above all
// the OpenTelemetry SDK, which has 2 MB. docs/otel-bridge.md has the sizes.
func TestWasmSize(t *testing.T) {
	if testing.Short() {
		t.Skip("it links WebAssembly")
	}
	native, api, bridge := wasmSize(t, "edgespan"), wasmSize(t, "api"), wasmSize(t, "bridge")
	t.Logf("edgespan %d; the API adds %d, the bridge %d", native, api-native, bridge-api)
	assert.Less(t, bridge-native, int64(500_000))
}

func wasmSize(t *testing.T, name string) int64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "./testdata/size/"+name)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}
