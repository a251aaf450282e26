package browser

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// fetches are calls of fetch. Their outcome must be the same with a tracer, except for the traceparent.
const fetches = `({
	"text": () => ["/api/e"],
	"a URL": () => [new URL("/api/e?q=1", location.href)],
	"an object as address": () => [{ toString: () => "/api/e?object" }],
	"an address that changes": () => { let n = 0; return [{ toString: () => "/api/e?" + n++ }] },
	"a getter that changes": () => { let n = 0; return ["/api/e", { get method() { return ["PUT", "DELETE"][n++] } }] },
	"an object with a url": () => [{ url: "/none", method: "PUT", toString: () => "/api/e" }],
	"undefined": () => [undefined],
	"a symbol": () => [Symbol()],
	"another frame's Request": () => { const f = document.body.appendChild(document.createElement("iframe")); return [new f.contentWindow.Request(location.origin + "/api/e", { method: "PUT" })] },
	"a blob's address": () => [URL.createObjectURL(new Blob(["blob"]))],
	"no referrer in a Request": () => [new Request("/api/e", { referrerPolicy: "no-referrer" })],
	"a referrer in a Request": () => [new Request("/api/e", { referrer: "/empty?other" })],
	"a Request and more": () => [new Request("/api/e", { method: "PUT", body: "old", headers: { "x-a": "1" } }), { body: "new" }],
	"a Request with a body": () => [new Request("/api/e", { method: "POST", body: "hello" })],
	"a Request as init": () => ["/api/e", new Request("/none", { method: "POST", headers: { "x-a": "1" } })],
	"a Request with a body as init": () => ["/api/e", new Request("/none", { method: "POST", body: "hello" })],
	"getters": () => ["/api/e", new (class { #m = "PUT"; get method() { return this.#m } get body() { return "abc" } get headers() { return { "x-a": "1" } } })()],
	"inherited": () => ["/api/e", Object.create({ method: "POST", body: "abc", headers: { "x-a": "1" } })],
	"frozen": () => ["/api/e", Object.freeze({ method: "DELETE", headers: Object.freeze({ "x-a": "1" }) })],
	"header pairs": () => ["/api/e", { headers: [["x-a", "1"], ["x-a", "2"]] }],
	"Headers": () => ["/api/e", { headers: new Headers({ "x-a": "1" }) }],
	"a form": () => { const f = new FormData(); f.set("a", "b"); return ["/api/e", { method: "POST", body: f }] },
	"parameters": () => ["/api/e", { method: "POST", body: new URLSearchParams({ a: "b" }) }],
	"a blob": () => ["/api/e", { method: "POST", body: new Blob(["blob"], { type: "text/mine" }) }],
	"bytes": () => ["/api/e", { method: "POST", body: new Uint8Array([65, 66]) }],
	"a stream": () => ["/api/e", { method: "POST", duplex: "half", body: new Blob(["stream"]).stream() }],
	"a stream without duplex": () => ["/api/e", { method: "POST", body: new Blob(["stream"]).stream() }],
	"keepalive": () => ["/api/e", { method: "POST", body: "bye", keepalive: true, priority: "low" }],
	"modes": () => ["/api/e", { mode: "same-origin", credentials: "omit", cache: "no-store", redirect: "error" }],
	"no-cors": () => ["/api/e", { mode: "no-cors" }],
	"a redirect": () => ["/api/redirect", { method: "POST", body: "again" }],
	"a redirect by hand": () => ["/api/redirect", { redirect: "manual" }],
	"a redirect as an error": () => ["/api/redirect", { redirect: "error" }],
	"a used body": () => { const r = new Request("/api/e", { method: "POST", body: "used" }); r.text(); return [r] },
	"a body with GET": () => ["/api/e", { body: "x" }],
	"a bad header": () => ["/api/e", { headers: { "bad name": "x" } }],
	"a bad method": () => ["/api/e", { method: "TRACE" }],
	"a bad address": () => ["http://["],
	"nothing": () => [],
	"aborted": () => ["/api/e", { signal: AbortSignal.abort(new RangeError("mine")) }],
	"a signal": () => ["/api/e", { method: "PUT", body: "x", headers: { "x-a": "1" }, cache: "no-store", signal: new AbortController().signal }],
	"a signal and no referrer": () => ["/api/e", { referrerPolicy: "no-referrer", signal: new AbortController().signal }],
	"a signal and a referrer": () => [new Request("/api/e", { referrer: "/empty?other", signal: new AbortController().signal })],
	"a signal and another body": () => [new Request("/api/e", { method: "PUT", body: "old" }), { body: "new", signal: new AbortController().signal }],
	"a signal and a stream": () => ["/api/e", { method: "POST", duplex: "half", body: new Blob(["stream"]).stream(), signal: new AbortController().signal }],
	"a signal and a redirect": () => ["/api/redirect", { method: "POST", body: "again", keepalive: true, signal: new AbortController().signal }],
	"a signal and modes": () => ["/api/e", { mode: "same-origin", credentials: "omit", redirect: "error", signal: new AbortController().signal }],
	"a signal instead of an aborted one": () => [new Request("/api/e", { signal: AbortSignal.abort() }), { signal: new AbortController().signal }],
	"no signal instead of an aborted one": () => [new Request("/api/e", { signal: AbortSignal.abort() }), { signal: null }],
	"a signal that is none": () => ["/api/e", { signal: "x" }],
	"aborted by a proxy": () => ["/api/e", { signal: AbortSignal.abort(new Proxy({}, { get(t, k) { if (k !== "then") throw 1 } })) }],
})`

// A traced fetch sends exactly what the page asks for. Each call is made with the browser's own fetch and with the traced one.
func TestFetchBehavesAsWithoutTracer(t *testing.T) {
	c := startCollector(t)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/redirect" {
			http.Redirect(w, r, "/api/e", http.StatusTemporaryRedirect)
			return
		}
		body, _ := io.ReadAll(r.Body)
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), "boundary=")
		if kind != r.Header.Get("Content-Type") {
			body = nil // the boundary is random
		}
		_ = json.NewEncoder(w).Encode([]any{r.Method, r.URL.RequestURI(), r.ContentLength > 0, kind, string(body), r.Header["X-A"],
			r.Header.Get("Referer"), r.Header.Get("Cache-Control"), r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Traceparent") != ""})
	}))
	t.Cleanup(service.Close)
	tb := openTab(t, servePage(t, service.URL)+"/empty?page", 900, 600)
	tb.run(`window.outcomes = async () => {
		const all = {};
		for (const [name, args] of Object.entries(` + fetches + `)) {
			try {
				const list = args(), r = await fetch(...list);
				all[name] = [r.status, r.type, r.redirected, new URL(r.url || "/", location.href).pathname, (await r.text()).trim(), list[0] instanceof Request && list[0].bodyUsed].join(" ");
			} catch (e) {
				try { all[name] = e.name + " " + e.message } catch { all[name] = "a proxy" }
			}
		}
		return JSON.stringify(all);
	}`)
	want, got := tb.withoutAndWith(c)
	answered := 0
	for name := range want {
		if strings.Contains(want[name], `,false]`) && name != "no-cors" { // a no-cors request cannot have such a header
			answered++
			want[name] = strings.Replace(want[name], `,false]`, `,true]`, 1)
		}
		assert.Equal(t, want[name], got[name], name)
	}
	assert.Greater(t, answered, 15)
	assert.Contains(t, want["getters"], `"PUT"`)

	// A rejection that the page does not handle is unhandled with a tracer too.
	assert.Equal(t, "TypeError", tb.await(`return new Promise((done) => { addEventListener("unhandledrejection", (e) => { e.preventDefault(); done(e.reason.name) }); fetch("/api/redirect", { redirect: "error" }) })`))
}

// If a request is redirected to an origin that does not allow traceparent, the browser refuses it if it has one. noPropagation
// sends it without.
func TestNoPropagation(t *testing.T) {
	c := startCollector(t)
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.Method == http.MethodOptions {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, "file"+r.Header.Get("Traceparent"))
	}))
	t.Cleanup(far.Close)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, far.URL+"/file", http.StatusFound)
	}))
	t.Cleanup(service.Close)
	options := `{ ` + quiet + `, requests: true, noPropagation: ["/api/download/", /[.]zip$/g] }`
	tb := openEmpty(t, servePage(t, service.URL), c.Address, options)
	xhr := `(url) => new Promise((done) => { const x = new XMLHttpRequest(); x.open("GET", url); x.onloadend = () => done(x.responseText || x.status); x.send() })`
	for path, want := range map[string]string{"/api/download/1": "file", "/api/a.zip": "file", "/api/other": "0"} {
		assert.Equal(t, want, tb.await(`return fetch("`+path+`").then((r) => r.text(), () => "0")`), path)
		assert.Equal(t, want, tb.await(`return fetch(new Request("`+path+`")).then((r) => r.text(), () => "0")`), path)
		assert.Equal(t, want, tb.await(`return (`+xhr+`)("`+path+`")`), path)
		tb.run(flush)
		c.await("GET", "url.full", path)
	}
}

// If the page aborts in the middle of a body, it gets its own reason, no matter how long it has waited.
func TestAbortInTheMiddle(t *testing.T) {
	c := startCollector(t)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "a part"+strings.Repeat(" ", 2048))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(service.Close)
	tb := openEmpty(t, servePage(t, service.URL), c.Address, `{ `+quiet+`, requests: true }`)
	for _, args := range []string{`"/api/e", { signal }`, `new Request("/api/e", { signal })`, `new Request("/api/e"), { signal }`} {
		assert.Equal(t, "a part", tb.await(`window.control = new AbortController();
			const { signal } = control, response = await fetch(`+args+`);
			window.reader = response.body.getReader();
			return new TextDecoder().decode((await reader.read()).value).trim()`))
		tb.heap() // collect unreferenced objects
		assert.Equal(t, "true", tb.await(`const mine = new RangeError("mine");
			const next = reader.read().then(() => "read", (e) => e === mine);
			control.abort(mine);
			return next`), args)
	}
}
