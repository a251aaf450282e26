package browser

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// Where pages can't be traced, initTracer says why in one message, nothing throws, and the page's requests are as without it.
func TestPlacesWithoutATracer(t *testing.T) {
	c := startCollector(t)
	script := strings.ReplaceAll(`
		const m = await import("/edgespan/index.mjs");
		const span = m.startSpan("mine", { attributes: { a: 1 } });
		const why = await m.initTracer("http://COLLECTOR", { wasmURL: globalThis.wasmURL }).then(() => "traced", (error) => String(error));
		span.setAttribute("b", 2).addEvent("e").setStatus("ok").end();
		span.run(() => m.stats());
		await m.flushSpans();
		const answer = await (await fetch("/away")).text();`, "COLLECTOR", c.Address)
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.HandleFunc("/worker.mjs", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, script+`postMessage([why, JSON.stringify(span), answer].join("|"))`)
		})
	})
	for name, tt := range map[string]struct{ before, want string }{
		"no WebAssembly": {`delete globalThis.WebAssembly`, "edgespan: pages are not traced here, because there is no WebAssembly"},
		"no wasm":        {`globalThis.wasmURL = "http://127.0.0.1:1/edgespan.wasm"`, "edgespan: no wasm at http://127.0.0.1:1/edgespan.wasm (TypeError: Failed to fetch). Serve edgespan.wasm there, or set wasmURL"},
	} {
		t.Run(name, func(t *testing.T) {
			tb := openTab(t, address+"/away", 900, 600)
			tb.before(tt.before)
			tb.do(chromedp.Navigate(address + "/empty"))
			got := tb.await(script + `return [why, JSON.stringify(span), answer].join("|")`)
			assert.Regexp(t, `^Error: `+regexp.QuoteMeta(tt.want)+`\|\{"name":"mine".*"a":1.*\|away$`, got)
		})
	}
	t.Run("a worker", func(t *testing.T) {
		tb := openTab(t, address+"/empty", 900, 600)
		got := tb.await(`return new Promise((f) => { new Worker("/worker.mjs", { type: "module" }).onmessage = (e) => f(e.data) })`)
		assert.Regexp(t, `^Error: edgespan: pages are not traced here, because there is no document\|.*\|away$`, got)
	})
	assert.Empty(t, c.spans())
}

// A page may have Trusted Types, and allow scripts by a nonce alone.
func TestStrictPolicy(t *testing.T) {
	c := startCollector(t)
	strict := `script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'; object-src 'none'; base-uri 'none'`
	address := servePageWith(t, "", strict, func(mux *http.ServeMux) {
		mux.HandleFunc("/strict", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `<!doctype html><title>strict</title><script type="module" nonce="abc">
				import { initTracer, startSpan, flushSpans } from "/edgespan/index.mjs";
				await initTracer("http://`+c.Address+`");
				startSpan("mine").end();
				history.pushState({}, "", "/elsewhere");
				throw new Error("mine") </script>`)
		})
	})
	tb := openTab(t, address+"/strict", 900, 600)
	tb.wait(`location.pathname === "/elsewhere"`)
	tb.do(chromedp.Navigate(address + "/away"))
	for _, name := range []string{"mine", "page load", "route change", "uncaught error"} {
		c.await(name, "", "")
	}
}

// A page that the browser prerenders sends nothing before somebody looks at it. Most such pages are never looked at.
func TestPrerenderedPageWaits(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(`Object.defineProperty(document, "prerendering", { get: () => !window.shown })`)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(c.Address, `{ `+quiet+` }`)
	tb.await(`m.startSpan("early").end(); await m.flushSpans(); dispatchEvent(new PageTransitionEvent("pagehide"))`)
	assert.Empty(t, tb.text(parked))
	assert.Equal(t, "1", tb.text(`m.stats().held`))
	assert.Empty(t, c.spans())
	tb.await(`window.shown = true; await m.flushSpans()`)
	c.await("early", "", "")
}
