package browser

import (
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

// held starts the Go program of guests/held in the page.
func (tb *tab) held(collector string) {
	tb.t.Helper()
	tb.run(`window.collector = "http://` + collector + `"; (async () => {
		await import("/go/wasm_exec.js");
		const go = new Go();
		const { instance } = await WebAssembly.instantiateStreaming(fetch("/go/held.wasm"), go.importObject);
		go.run(instance);
	})()`)
	tb.wait(`window.stats`)
}

// serveHeld serves an empty page and the Go program of guests/held.
func serveHeld(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "held.wasm"), "./guests/held")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWORK=off")
	text, err := build.CombinedOutput()
	require.NoError(t, err, "%s", text)
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	glue := filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js")
	return servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.Handle("/go/", http.StripPrefix("/go/", http.FileServer(http.Dir(folder))))
		mux.HandleFunc("/go/wasm_exec.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, glue) })
	})
}

// A Go program in a page uses sdk/batch. Spans that it could not send are in localStorage, and the next page sends them.
func TestBatchOutlivesThePage(t *testing.T) {
	c := startCollector(t)
	c.Stop()
	address := serveHeld(t)
	stored := `Object.keys(localStorage).filter((k) => k.startsWith("edgespan.batch.test.") && !k.endsWith(".alive")).length`
	tb := openTab(t, address+"/empty", 900, 600)
	tb.held(c.Address)
	tb.run(`for (let i = 0; i < 25; i++) span("first")`)
	tb.wait(`stats().failures > 1 && stats().held === 25`)
	assert.Equal(t, "25", tb.text(stored))
	assert.Contains(t, tb.text(`window.told`), "Failed to fetch")

	tb.do(chromedp.Navigate(address + "/empty?next"))
	assert.Equal(t, "25", tb.text(stored))
	tb.run(`localStorage.setItem("edgespan.batch.test.living.1-1", "a living page's"); localStorage.setItem("edgespan.batch.test.living.alive", Date.now())`)
	tb.run(`localStorage.setItem("edgespan.batch.test.dead.0-1", "torn{"); localStorage.setItem("edgespan.batch.test.dead.alive", Date.now() - 100_000)`)
	c.start(t.TempDir(), c.Address)
	tb.held(c.Address)
	tb.run(`span("second")`)
	tb.wait(`stats().sent === 26`)
	assert.Equal(t, "25 0 0 0", tb.text(`[stats().loaded, stats().held, stats().dropped, stats().rejected].join(" ")`))
	assert.Equal(t, "1", tb.text(stored), "the living page's")
	c.await("first", "", "")
	c.await("second", "", "")
	assert.Len(t, c.spans(), 26)

	// If the storage is full, spans are kept in memory only.
	tb.run(`try { for (let n = 1 << 20; n > 0; n >>= 1) for (let i = 0; i < 20; i++) localStorage.setItem("fill" + n + "." + i, "x".repeat(n)) } catch {}
		for (const n of [512, 256, 128, 64, 32, 16, 8, 4, 2, 1]) try { for (let i = 0; ; i++) localStorage.setItem("f" + n + "." + i, "x".repeat(n)) } catch {}`)
	tb.run(`for (let i = 0; i < 5; i++) span("third")`)
	tb.wait(`stats().sent === 31`)
	assert.Equal(t, "5", tb.text(`stats().storeErrors`))
	c.await("third", "", "")
}

// A browser that keeps no data for the page throws when the page names localStorage, or later. The program goes on, and spans wait in memory.
func TestBatchWithoutStorage(t *testing.T) {
	a := startAnswering(t, takes)
	address := serveHeld(t)
	for _, fault := range []string{
		`Object.defineProperty(window, "localStorage", { get: refuse })`,
		`Object.defineProperty(window, "localStorage", { value: null })`,
		`for (const name of ["getItem", "setItem", "removeItem", "key"]) Storage.prototype[name] = refuse`,
		`Storage.prototype.removeItem = refuse`,
	} {
		tb := openTab(t, address+"/away", 900, 600)
		tb.before(`const refuse = () => { throw new DOMException("no", "SecurityError") }; ` + fault)
		tb.do(chromedp.Navigate(address + "/empty"))
		tb.held(a.address)
		tb.run(`for (let i = 0; i < 25; i++) span("first")`)
		tb.wait(`stats().sent === 25`)
		tb.run(`for (const event of ["pagehide", "pageshow"]) dispatchEvent(new Event(event)); span("second")`)
		tb.wait(`stats().sent === 26`)
		assert.NotEqual(t, "0", tb.text(`stats().storeErrors`), fault)
	}
}
