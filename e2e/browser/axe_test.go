package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// violations is a JavaScript expression for what axe-core finds: a line for each rule and element.
const violations = `axe.run(document).then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target + ': ' + n.failureSummary)).join('\n'))`

// axe-core finds nothing to object to in any state of the page: https://github.com/dequelabs/axe-core
func TestAxe(t *testing.T) {
	findChromium(t)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "package.json"), []byte(`{"private":true}`), 0o600))
	npm(t, folder, "install", "--no-save", "--ignore-scripts", "axe-core@4.14.1")
	script, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err)

	for _, scheme := range []string{"light", "dark"} {
		for _, window := range []struct {
			name          string
			width, height int
		}{{"wide", 1400, 860}, {"telephone", 390, 800}} {
			t.Run(scheme+" "+window.name, func(t *testing.T) {
				v := startViewer(t)
				tb := openTab(t, v.url, window.width, window.height)
				tb.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
				tb.wait(theme + ` === '` + scheme + `'`)
				tb.do(chromedp.Evaluate(string(script), nil))
				check := func(state string) {
					t.Helper()
					var found string
					tb.do(chromedp.Evaluate(violations, &found, func(p *cdpruntime.EvaluateParams) *cdpruntime.EvaluateParams { return p.WithAwaitPromise(true) }))
					assert.Empty(t, found, state)
				}
				tb.wait(`document.querySelector('#empty').innerText.includes('Waiting for traces')`)
				check("empty")
				for _, lines := range []string{`{"resourceSpans":[{broken` + "\nnot a span\n", hello(1), item(2), checkout(3), strings.Replace(hello(4), `"name":"GET /"`, `"name":"شراء \u202e"`, 1),
					`{"time":"2023-11-14T22:43:25Z","level":"WARN","msg":"shelf","trace_id":"` + traceID(9) + `"}` + "\n"} {
					_, err := v.Write([]byte(lines))
					require.NoError(t, err)
				}
				tb.wait(items + ` === 5`)
				check("list")
				tb.search("backend")
				tb.do(chromedp.KeyEvent(kb.Enter))
				tb.wait(title + `.includes('/api/items/2')`)
				check("a search")
				tb.do(chromedp.KeyEvent(kb.Escape))
				tb.keys("lnn")
				tb.keys("z")
				check("a trace")
				tb.do(chromedp.KeyEvent(kb.Enter))
				tb.wait(inDetail + `.includes('connection refused')`)
				check("details")
				tb.do(chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape))
				tb.keys("ep")
				tb.wait(items + ` === 1`)
				check("only errors, paused")
				tb.keys("ep")
				tb.search("nowhere")
				tb.wait(items + ` === 0`)
				check("nothing found")
				tb.do(chromedp.KeyEvent(kb.Escape))
				tb.keys("?")
				tb.wait(`document.querySelector('#help').open`)
				check("help")
				tb.do(chromedp.KeyEvent(kb.Escape), chromedp.Navigate(v.url+"#trace="+traceID(9)))
				tb.wait(`!document.querySelector('#records').hidden`)
				check("log records")
				tb.do(chromedp.Navigate(v.url + "#trace=" + traceID(77)))
				tb.wait(`document.querySelector('#empty').innerText.includes('not here')`)
				check("a trace that is not here")
				tb.checkQuiet(v.url)
			})
		}
	}
}
