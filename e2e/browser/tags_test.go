package browser

import (
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var tags = []string{"edgespan_nopageload", "edgespan_noresources", "edgespan_noclicks", "edgespan_nolongtasks", "edgespan_novitals", "edgespan_noerrors", "edgespan_noroutechanges"}

// buildWith builds the package with build tags into a directory, and returns the size of the wasm file, raw and gzipped.
func buildWith(t *testing.T, folder string, tags ...string) (raw, zipped int) {
	t.Helper()
	folder, err := filepath.Abs(folder)
	require.NoError(t, err)
	for _, name := range []string{"index.mjs", "answer.mjs", "fetch.mjs", "page.mjs", "pause.mjs", "sender.mjs", "settled.mjs", "times.mjs", "wasm.mjs"} {
		text, err := os.ReadFile(filepath.Join(root, "browser", "npm", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o644))
	}
	cmd := exec.Command("make", "browser", "NPM="+folder, "TAGS="+strings.Join(tags, " "))
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	wasm, err := os.ReadFile(filepath.Join(folder, "edgespan.wasm"))
	require.NoError(t, err)
	r, w := io.Pipe()
	go func() {
		z, _ := gzip.NewWriterLevel(w, gzip.BestCompression)
		_, _ = z.Write(wasm)
		_ = z.Close()
		_ = w.Close()
	}()
	n, err := io.Copy(io.Discard, r)
	require.NoError(t, err)
	return len(wasm), int(n)
}

// compiler returns the compiler that `make browser` uses.
func compiler() string {
	if named := os.Getenv("BROWSER_COMPILER"); named != "" {
		return named
	}
	if _, err := exec.LookPath("tinygo"); err == nil {
		return "tinygo"
	}
	return "go"
}

// Each build tag makes the wasm file smaller. Without any feature it still has the API. `make size` prints the sizes with
// TinyGo.
func TestTagsLeaveFeaturesOut(t *testing.T) {
	folder := t.TempDir()
	goSize := func(tag string) int {
		out := filepath.Join(folder, "go.wasm")
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-tags="+tag, "-o", out, "./browser/wasm")
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
		text, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", text)
		info, err := os.Stat(out)
		require.NoError(t, err)
		return int(info.Size())
	}
	full := goSize("")
	for _, tag := range tags {
		size := goSize(tag)
		t.Logf("Go: %-20s %6d bytes less", tag, full-size)
		assert.Less(t, size, full, tag)
	}

	all, zipped := buildWith(t, t.TempDir())
	none, z := buildWith(t, folder, tags...)
	t.Logf("make browser: all features: %d bytes, %d gzipped; none: %d, %d", all, zipped, none, z)
	assert.Less(t, none, all)
	if _, err := exec.LookPath("wasm-opt"); err != nil || compiler() != "tinygo" {
		t.Log("the bar of 150,000 bytes, 50,000 gzipped, is for TinyGo and wasm-opt, which are not both here")
	} else {
		assert.LessOrEqual(t, all, 150_000)
		assert.LessOrEqual(t, zipped, 50_000)
	}

	c := startCollector(t)
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.Handle("/none/", http.StripPrefix("/none/", http.FileServer(http.Dir(folder))))
	})
	tb := openTab(t, address+"/empty", 900, 600)
	tb.run(`import("/none/index.mjs").then(async (m) => { await m.initTracer("http://` + c.Address + `"); window.m = m })`)
	tb.wait(`window.m`)
	tb.do(chromedp.Click("#b"))
	tb.run(`m.startSpan("mine").end()`)
	tb.do(chromedp.Navigate(address + "/away"))
	c.await("mine", "", "")
	assert.Len(t, c.spans(), 1)
}
