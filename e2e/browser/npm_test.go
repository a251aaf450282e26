package browser

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// npm runs npm in a folder.
func npm(t *testing.T, dir string, args ...string) []byte {
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

// packed is what npm pack says.
type packed struct {
	Filename     string
	Size         int
	UnpackedSize int
	Files        []struct{ Path string }
}

// pack packs the package into a folder.
func pack(t *testing.T, folder string) packed {
	t.Helper()
	require.NoError(t, buildOnce())
	var all []packed
	require.NoError(t, json.Unmarshal(npm(t, filepath.Join(root, "browser", "npm"), "pack", "--json", "--pack-destination", folder), &all))
	return all[0]
}

// copyTo copies files of one folder into another.
func copyTo(t *testing.T, folder, from string, names ...string) {
	t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(from, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o644))
	}
}

// npm packs the package, a project installs it, and TypeScript compiles a program that uses the whole API.
func TestPackage(t *testing.T) {
	folder := t.TempDir()
	packed := pack(t, folder)
	var files []string
	for _, f := range packed.Files {
		files = append(files, f.Path)
	}
	assert.ElementsMatch(t, []string{"LICENSE", "LICENSE-wasm", "README.md", "answer.mjs", "edgespan.wasm", "fetch.mjs", "index.d.ts", "index.mjs", "package.json", "page.mjs", "pause.mjs", "sender.mjs", "settled.mjs", "times.mjs", "wasm.mjs", "wasm_exec.mjs"}, files)
	t.Logf("%s: %d bytes, %d unpacked", packed.Filename, packed.Size, packed.UnpackedSize)

	copyTo(t, folder, filepath.Join("testdata", "project"), "sample.ts", "wrong.ts", "tsconfig.json", "package.json")
	npm(t, folder, "install", "--no-save", "--ignore-scripts", "./"+packed.Filename, "typescript@5.9.3")
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

// Bundlers make a page of the package. Vite finds the wasm by itself, which webpack and Next.js do in the same way; for esbuild, it is
// copied beside the bundle.
func TestBundled(t *testing.T) {
	folder := t.TempDir()
	packed := pack(t, folder)
	copyTo(t, folder, filepath.Join("testdata", "bundled"), "index.html", "main.js", "package.json")
	npm(t, folder, "install", "--no-save", "./"+packed.Filename, "vite@8.3.8", "esbuild@0.28.2")
	for _, tt := range []struct {
		name    string
		command []string
		result  string // the folder
		copies  bool   // the wasm and the page
	}{
		{"vite", []string{"vite", "build"}, "dist", false},
		{"esbuild", []string{"esbuild", "main.js", "--bundle", "--minify", "--format=esm", "--outdir=bundle"}, "bundle", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			build := exec.Command(filepath.Join(folder, "node_modules", ".bin", tt.command[0]), tt.command[1:]...)
			build.Dir = folder
			out, err := build.CombinedOutput()
			require.NoError(t, err, "%s", out)
			result := filepath.Join(folder, tt.result)
			if tt.copies {
				copyTo(t, result, folder, "index.html")
				copyTo(t, result, filepath.Join(folder, "node_modules", "@edgespan", "browser"), "edgespan.wasm")
			}
			c := startCollector(t)
			server := httptest.NewServer(http.FileServer(http.Dir(result)))
			t.Cleanup(server.Close) // after the page has gone
			tb := openTab(t, server.URL+"/?collector=http://"+c.Address, 800, 600)
			tb.wait(`document.title === "traced"`)
			c.await("work", "", "")
		})
	}
}
