package browser

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// npm packs the package, a project installs it, and TypeScript compiles a program that uses the whole API.
func TestPackage(t *testing.T) {
	require.NoError(t, buildOnce())
	folder := t.TempDir()
	npm := func(dir string, args ...string) []byte {
		t.Helper()
		cmd := exec.Command("npm", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "npm_config_update_notifier=false", "npm_config_fund=false", "npm_config_audit=false")
		out, err := cmd.Output()
		if exit, ok := err.(*exec.ExitError); ok {
			t.Fatalf("npm %s: %v\n%s%s", args, err, out, exit.Stderr)
		}
		require.NoError(t, err)
		return out
	}
	var packed []struct {
		Filename     string
		Size         int
		UnpackedSize int
		Files        []struct{ Path string }
	}
	require.NoError(t, json.Unmarshal(npm(filepath.Join(root, "browser", "npm"), "pack", "--json", "--pack-destination", folder), &packed))
	var files []string
	for _, f := range packed[0].Files {
		files = append(files, f.Path)
	}
	assert.ElementsMatch(t, []string{"LICENSE", "README.md", "answer.mjs", "edgespan.wasm", "fetch.mjs", "index.d.ts", "index.mjs", "package.json", "page.mjs", "pause.mjs", "sender.mjs", "times.mjs", "wasm.mjs", "wasm_exec.mjs"}, files)
	t.Logf("%s: %d bytes, %d unpacked", packed[0].Filename, packed[0].Size, packed[0].UnpackedSize)

	for _, name := range []string{"sample.ts", "wrong.ts", "tsconfig.json", "package.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", "project", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o644))
	}
	npm(folder, "install", "--no-save", "--ignore-scripts", "./"+packed[0].Filename, "typescript@5.9.3")
	tsc := exec.Command("node_modules/.bin/tsc", "--noEmit")
	tsc.Dir = folder
	out, err := tsc.CombinedOutput()
	require.NoError(t, err, "%s", out)

	check := exec.Command("node", "--input-type=module", "-e", `import.meta.resolve("@edgespan/browser/edgespan.wasm"); const m = await import("@edgespan/browser"); console.log(Object.keys(m).sort().join())`)
	check.Dir = folder
	out, err = check.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, "flushSpans,initTracer,recordSpan,startSpan,stats\n", string(out), "what is imported where there is no page does no harm")
}
