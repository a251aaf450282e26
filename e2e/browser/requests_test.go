package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// echo starts a server that responds with the traceparent of the request. Pages of any origin may send one.
func echo(t *testing.T) (string, *sync.Map) {
	seen := new(sync.Map)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "traceparent, x-mine")
		if r.Method == http.MethodOptions {
			return
		}
		seen.Store(r.URL.Path, r.Header.Get("Traceparent"))
		if strings.HasSuffix(r.URL.Path, "/500") {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = io.WriteString(w, r.Header.Get("Traceparent")+"|"+r.Header.Get("X-Mine"))
	}))
	t.Cleanup(s.Close)
	return s.URL, seen
}

// Requests of fetch and XMLHttpRequest have spans, and a traceparent if they go to the page's own origin or to a listed one.
func TestRequests(t *testing.T) {
	c := startCollector(t)
	same, _ := echo(t) // serves /api/ of the page's own origin
	allowed, _ := echo(t)
	foreign, _ := echo(t)
	options := `{ ` + quiet + `, requests: true, propagateTo: ["` + allowed + `/some/path"] }`
	tb := openEmpty(t, servePage(t, same), c.Address, options)

	ask := map[string]string{
		"fetch":   `(url, mine) => fetch(url, mine ? { headers: { "x-mine": mine } } : undefined).then((r) => r.text())`,
		"request": `(url, mine) => fetch(new Request(url, mine ? { headers: { "x-mine": mine } } : undefined)).then((r) => r.text())`,
		"xhr": `(url, mine) => new Promise((done) => {
			const x = new XMLHttpRequest();
			x.open("GET", url);
			if (mine) x.setRequestHeader("x-mine", mine);
			x.onloadend = () => done(x.responseText);
			x.send();
		})`,
	}
	for name, how := range ask {
		for where, base := range map[string]string{"same": "/api", "allowed": allowed, "foreign": foreign} {
			path := base + "/" + name + "-" + where
			answer := tb.await(`const s = m.startSpan("ask"); const answer = await s.run(() => (` + how + `)("` + path + `?password=x", "` + map[bool]string{true: "mine"}[where != "foreign"] + `")); s.end(); return answer`)
			traceparent, mine, _ := strings.Cut(answer, "|")
			tb.run(flush)
			span := c.await("GET", "url.full", "/"+name+"-"+where)
			full, _ := span.Attributes().Get("url.full")
			assert.Contains(t, full.Str(), "password=REDACTED")
			assert.Equal(t, ptrace.SpanKindClient, span.Kind())
			if where == "foreign" {
				assert.Empty(t, traceparent, path)
				continue
			}
			assert.Equal(t, "00-"+span.TraceID().String()+"-"+span.SpanID().String()+"-03", traceparent, path)
			assert.Equal(t, "mine", mine)
		}
	}

	assert.Equal(t, "00-11111111111111111111111111111111-2222222222222222-01|",
		tb.await(`return (await fetch("/api/own", { headers: { traceparent: "00-11111111111111111111111111111111-2222222222222222-01" } })).text()`), "the page's own header stays")
	assert.Equal(t, "500", tb.await(`return (await fetch("/api/../api/500", { method: "post" })).status`))
	assert.Contains(t, tb.await(`return fetch("http://127.0.0.1:1/refused")`), "TypeError")
	assert.Contains(t, tb.await(`return fetch("http://[")`), "TypeError", "as without a tracer")
	assert.Equal(t, "AbortError", tb.await(`const a = new AbortController(); a.abort(); return fetch("/api/aborted", { signal: a.signal }).catch((e) => e.name)`))
	assert.Equal(t, "moved on", tb.await(`const a = new AbortController(); a.abort("moved on"); return fetch("/api/why", { signal: a.signal }).catch((e) => e)`))
	assert.Equal(t, "moved on", tb.await(`const a = new AbortController(); a.abort("moved on"); return fetch("`+foreign+`/away/why", { signal: a.signal }).catch((e) => e)`))
	assert.Equal(t, "moved on", tb.await(`const a = new AbortController(); a.abort("moved on"); return fetch(new Request("`+foreign+`/away/why2", { signal: a.signal })).catch((e) => e)`))
	assert.Equal(t, "TimeoutError", tb.await(`return fetch("/api/late", { signal: AbortSignal.timeout(0) }).catch((e) => e.name)`))
	tb.await(`return new Promise((done) => { const x = new XMLHttpRequest(); x.open("GET", "/api/stopped"); x.onloadend = done; x.send(); x.abort() })`)
	assert.Equal(t, "0", tb.await(`return new Promise((done) => { const x = new XMLHttpRequest(); x.open("GET", "http://127.0.0.1:1/gone"); x.onloadend = () => done(x.status); x.send() })`))
	assert.Equal(t, "404 200", tb.await(`return new Promise((done) => {
		const x = new XMLHttpRequest(), all = [];
		x.onloadend = () => { all.push(x.status); if (all.length === 2) done(all.join(" ")); else { x.open("GET", "/away?twice"); x.send() } };
		x.open("GET", "/none?twice");
		x.send();
	})`), "one that is used again")
	assert.Equal(t, "InvalidStateError", tb.await(`try { new XMLHttpRequest().send() } catch (e) { return e.name }`))
	tb.run(flush)
	for path, want := range map[string]string{"/refused": "TypeError", "/late": "TimeoutError", "/gone": "error"} {
		span := c.await("GET", "url.full", path)
		kind, _ := span.Attributes().Get("error.type")
		assert.Equal(t, want, kind.Str())
		assert.Equal(t, ptrace.StatusCodeError, span.Status().Code())
	}
	for _, path := range []string{"/aborted", "/api/why", "/away/why", "/away/why2", "/stopped"} { // aborted by the page itself
		span := c.await("GET", "url.full", path)
		assert.NotContains(t, span.Attributes().AsRaw(), "error.type", path)
		assert.Equal(t, ptrace.StatusCodeUnset, span.Status().Code(), path)
		assert.Equal(t, "canceled", span.Events().At(0).Name(), path)
	}
	first, second := c.await("GET", "url.full", "/none?twice"), c.await("GET", "url.full", "/away?twice")
	assert.Equal(t, "404", first.Attributes().AsRaw()["error.type"])
	assert.NotContains(t, second.Attributes().AsRaw(), "error.type")
	failed := c.await("POST", "url.full", "/api/500")
	assert.Equal(t, ptrace.StatusCodeError, failed.Status().Code())
	failed.Attributes().Remove("http.response.body.size") // which the browser knows if it is done with the body that nobody read
	port, err := strconv.ParseInt(tb.text("location.port"), 10, 64)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"http.request.method": "POST", "url.full": failed.Attributes().AsRaw()["url.full"], "server.address": "127.0.0.1", "server.port": port, "http.response.status_code": int64(500), "error.type": "500"}, failed.Attributes().AsRaw())
	for _, s := range c.spans() {
		full, _ := s.Attributes().Get("url.full")
		assert.NotContains(t, full.Str(), "/v1/traces", "the tracer does not trace itself")
	}
}

// Span names and server attributes follow the conventions, https://opentelemetry.io/docs/specs/semconv/http/http-spans/.
func TestRequestsFollowTheConventions(t *testing.T) {
	c := startCollector(t)
	same, _ := echo(t)
	options := `{ ` + quiet + `, requests: true }`
	tb := openEmpty(t, servePage(t, same), c.Address, options)
	tb.await(`for (const [method, url] of [["PURGE", "/api/1"], ["patch", "/api/2"], ["get", "http://[::1]:1/3"], ["PATCH", "http://a.invalid/4"], ["head", "https://a.invalid/5"]]) {
			await fetch(url + "?fetch", { method }).catch(() => {});
			await new Promise((done) => { const x = new XMLHttpRequest(); x.open(method, url + "?xhr"); x.onloadend = done; x.send() });
		}
		await m.flushSpans()`)
	for path, want := range map[string][5]any{
		"/1": {"HTTP", "_OTHER", "PURGE", "127.0.0.1"}, "/2": {"HTTP", "_OTHER", "patch", "127.0.0.1"},
		"/3": {"GET", "GET", nil, "::1", int64(1)}, "/4": {"PATCH", "PATCH", nil, "a.invalid", int64(80)}, "/5": {"HEAD", "HEAD", nil, "a.invalid", int64(443)},
	} {
		for _, how := range []string{"?fetch", "?xhr"} {
			span := c.await(want[0].(string), "url.full", path+how)
			attrs := span.Attributes().AsRaw()
			if want[4] == nil {
				delete(attrs, "server.port") // the page's port
			}
			assert.Equal(t, want, [5]any{span.Name(), attrs["http.request.method"], attrs["http.request.method_original"], attrs["server.address"], attrs["server.port"]}, path+how)
		}
	}
}

// The options for resource attributes, known methods and requests that are not traced.
func TestOptionsOfRequests(t *testing.T) {
	c := startCollector(t)
	same, _ := echo(t)
	const broken = `Object.assign(/x/, { [Symbol.search]() { throw new Error("broken") } })` // it matches nothing
	options := `{ ` + quiet + `, requests: true, resources: true, errors: true, knownMethods: ["GET", "PURGE"],
		ignore: [` + broken + `, "/api/beacon", /[.]png$/g], noPropagation: [` + broken + `, "/api/3"],
		resource: { "deployment.environment.name": "staging", "browser.language": "de", "shop.shelf": 7, "left out": {} } }`
	tb := openEmpty(t, servePage(t, same), c.Address, options)
	traceparents := tb.await(`const got = [];
		for (const path of ["/api/1", "/api/beacon?n=1", "/api/beacons/2.png", "/api/3.pngs"]) got.push(await (await fetch(path, { method: path === "/api/1" ? "PURGE" : "GET" })).text());
		for (const path of ["", "/api/of-mine"]) await fetch("http://` + c.Address + `/v1/traces" + path).catch(() => {});
		await new Promise((done) => { const x = new XMLHttpRequest(); x.open("POST", "/api/4.png"); x.onloadend = done; x.send() });
		for (const src of ["/api/5.png", "/api/6.gif"]) await new Promise((done) => { const i = new Image(); i.onload = i.onerror = done; i.src = src });
		return got.map((text) => text.length > 20).join()`)
	assert.Equal(t, "true,false,false,false", traceparents)
	tb.await(`m.startSpan("last").end(); await new Promise((done) => setTimeout(done, 300)); await m.flushSpans()`)
	c.await("last", "", "")
	var seen []string
	for _, s := range c.spans() {
		if full, ok := s.Attributes().Get("url.full"); ok {
			_, path, _ := strings.Cut(full.Str(), "/api/")
			if seen = append(seen, s.Name()+" "+path); strings.HasSuffix(full.Str(), "/v1/traces") {
				t.Error("what is sent to the Collector has a span")
			}
		}
	}
	slices.Sort(seen)
	assert.Equal(t, []string{"GET 3.pngs", "GET of-mine", "PURGE 1", "resource 6.gif"}, slices.DeleteFunc(seen, func(s string) bool { return strings.HasSuffix(s, " ") }))
	assert.Zero(t, c.named("uncaught error"))
	resource := c.resourceOf("last")
	assert.Equal(t, []any{"staging", "de", int64(7)}, []any{resource["deployment.environment.name"], resource["browser.language"], resource["shop.shelf"]})
	assert.NotContains(t, resource, "left out")
}

// A sandboxed page has no origin. Its own server counts as another origin, which may not allow the header.
func TestSandboxedPage(t *testing.T) {
	sent := make(chan string, 100)
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
		body, _ := io.ReadAll(r.Body)
		sent <- string(body)
		takes(w, r)
	}))
	t.Cleanup(far.Close)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "null")
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, "answer"+r.Header.Get("Traceparent"))
	}))
	t.Cleanup(service.Close)
	address := servePageWith(t, service.URL, policy+"; sandbox allow-scripts", func(mux *http.ServeMux) {
		files := http.StripPrefix("/free/", http.FileServer(http.Dir(filepath.Join(root, "browser", "npm"))))
		mux.HandleFunc("/free/", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", "null")
			files.ServeHTTP(w, r)
		})
	})
	tb := openTab(t, address+"/empty", 900, 600)
	assert.Equal(t, "answer answer", tb.await(`
		const m = await import("/free/index.mjs");
		await m.initTracer("`+far.URL+`");
		const xhr = new Promise((done) => { const x = new XMLHttpRequest(); x.open("GET", "/api/x"); x.onloadend = () => done(x.responseText || "refused"); x.send() });
		return [await fetch("/api/f").then((r) => r.text(), () => "refused"), await xhr].join(" ")`))

	// The Navigation API says nothing there of a change of route.
	tb.run(`history.pushState({}, "", "/elsewhere"); dispatchEvent(new PageTransitionEvent("pagehide"))`)
	for deadline := time.After(patience); ; {
		select {
		case body := <-sent:
			if strings.Contains(body, `"name":"route change"`) {
				return
			}
		case <-deadline:
			t.Fatal("no route change has been sent")
		}
	}
}

// Each feature is optional. If all are off, nothing is traced automatically.
func TestFeaturesAreOptional(t *testing.T) {
	c := startCollector(t)
	same, seen := echo(t)
	tb := openEmpty(t, servePage(t, same), c.Address, `{ `+quiet+` }`)
	tb.do(chromedp.Click("#b"))
	tb.run(`setTimeout(() => { const t = performance.now(); while (performance.now() - t < 80); throw new Error("mine") })`)
	tb.await(`new Image().src = "/edgespan/package.json"; await fetch("/api/quiet"); await new Promise((f) => setTimeout(f, 200)); m.startSpan("only").end(); await m.flushSpans()`)
	traceparent, _ := seen.Load("/api/quiet")
	assert.Equal(t, "", traceparent)
	tb.do(chromedp.Evaluate(`location.href = "/away"`, nil))
	c.await("only", "", "")
	tb.wait(`location.pathname === "/away"`)
	assert.Len(t, c.spans(), 1)
}
