package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/edgespan/edgespan/internal/child"
	"github.com/edgespan/edgespan/internal/otelcol"
)

// collector is the OpenTelemetry Collector that `make collector` builds. It accepts requests from pages of any origin.
type collector struct {
	*otelcol.Collector
	t    *testing.T
	demo func() [][]byte
}

func startCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{t: t}
	if traceFile != "" {
		c.pretend()
	} else {
		c.start(t.TempDir(), "")
	}
	return c
}

// traceFile is the file in which `make run-browser` wants its trace.
var traceFile = os.Getenv("EDGESPAN_TRACE_FILE")

// pretend starts a server that stores requests as they are. `make run-browser` uses it in place of a Collector, which takes
// minutes to build.
func (c *collector) pretend() {
	var mu sync.Mutex
	var lines [][]byte
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
		body, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if err == nil && len(body) > 0 {
			lines = append(lines, body)
		}
	}))
	c.t.Cleanup(s.Close)
	c.Collector = &otelcol.Collector{Address: s.Listener.Addr().String()}
	c.demo = func() [][]byte {
		mu.Lock()
		defer mu.Unlock()
		return append([][]byte(nil), lines...)
	}
}

func (c *collector) lines() [][]byte {
	c.t.Helper()
	if c.demo != nil {
		return c.demo()
	}
	lines, err := c.Lines()
	require.NoError(c.t, err)
	return lines
}

// start starts the Collector. If address is not empty, it listens on that address, as one did that was stopped.
func (c *collector) start(folder, address string) {
	c.t.Helper()
	binary, err := otelcol.Find(root)
	if err != nil && os.Getenv("CI") != "true" {
		c.t.Skip(err)
	}
	require.NoError(c.t, err)
	c.Collector, err = otelcol.Start(binary, folder, address)
	require.NoError(c.t, err)
	c.t.Cleanup(c.Stop)
}

// traces returns what has arrived so far.
func (c *collector) traces() (all []ptrace.Traces) {
	c.t.Helper()
	for _, line := range c.lines() {
		traces, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces(line)
		require.NoError(c.t, err)
		all = append(all, traces)
	}
	return all
}

// arrived calls yield with each span that has arrived so far, and its resource.
func (c *collector) arrived(yield func(pcommon.Resource, ptrace.Span) bool) {
	for _, traces := range c.traces() {
		for _, rs := range traces.ResourceSpans().All() {
			for _, ss := range rs.ScopeSpans().All() {
				for _, s := range ss.Spans().All() {
					if !yield(rs.Resource(), s) {
						return
					}
				}
			}
		}
	}
}

// spans returns the spans that have arrived so far.
func (c *collector) spans() (all []ptrace.Span) {
	for _, s := range c.arrived {
		all = append(all, s)
	}
	return all
}

// resourceOf returns the resource of the span with this name.
func (c *collector) resourceOf(name string) map[string]any {
	c.t.Helper()
	for resource, s := range c.arrived {
		if s.Name() == name {
			return resource.Attributes().AsRaw()
		}
	}
	require.Fail(c.t, "there is no span "+name)
	return nil
}

// find returns the span with this name, if it has arrived. If key is not empty, that attribute must contain value.
func (c *collector) find(name, key, value string) (s ptrace.Span, ok bool) {
	for _, s := range c.spans() {
		v, _ := s.Attributes().Get(key)
		if s.Name() == name && (key == "" || strings.Contains(v.AsString(), value)) {
			return s, true
		}
	}
	return ptrace.NewSpan(), false
}

// await waits for the span with this name. If key is not empty, that attribute must contain value.
func (c *collector) await(name, key, value string) ptrace.Span {
	c.t.Helper()
	var s ptrace.Span
	ok := assert.Eventually(c.t, func() (ok bool) { s, ok = c.find(name, key, value); return ok }, patience, 30*time.Millisecond)
	if !ok {
		var names []string
		for _, s := range c.spans() {
			names = append(names, s.Name())
		}
		c.t.Fatalf("no span %q %s=%s among %q", name, key, value, names)
	}
	return s
}

var buildOnce = sync.OnceValue(func() error {
	cmd := exec.Command("make", "browser", "build")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=")
	cmd.Stderr = os.Stderr
	return cmd.Run()
})

// policy is the Content-Security-Policy that docs/browser.md recommends, with the tests' servers.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:*"

// servePage serves the example page, an empty page and the tracer, and passes /api/ on to service.
func servePage(t *testing.T, service string) string {
	t.Helper()
	return servePageWith(t, service, policy)
}

func servePageWith(t *testing.T, service, policy string, more ...func(*http.ServeMux)) string {
	t.Helper()
	findChromium(t)
	return servePageTo(t, service, policy, more...)
}

// servePageTo serves them to any browser.
func servePageTo(t *testing.T, service, policy string, more ...func(*http.ServeMux)) string {
	t.Helper()
	require.NoError(t, buildOnce())
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(filepath.Join(root, "browser", "example"))))
	mux.Handle("/edgespan/", http.StripPrefix("/edgespan/", http.FileServer(http.Dir(filepath.Join(root, "browser", "npm")))))
	mux.HandleFunc("/away", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "away") })
	mux.HandleFunc("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<!doctype html><title>empty</title><p id="p">A page <button id="b">with a button</button></p>`)
	})
	for _, add := range more {
		add(mux)
	}
	if service != "" {
		target, err := url.Parse(service)
		require.NoError(t, err)
		mux.Handle("/api/", httputil.NewSingleHostReverseProxy(target))
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func openPage(t *testing.T, page string, c string) *tab {
	tb := openTab(t, page+"/?token=hush&collector=http://"+c, 900, 600)
	tb.wait(`document.documentElement.dataset.traced`)
	return tb
}

// openEmpty opens the empty page and starts a tracer with options.
func openEmpty(t *testing.T, page, collector, options string) *tab {
	tb := openTab(t, page+"/empty", 900, 600)
	tb.start(collector, options)
	return tb
}

// start starts a tracer. The variable m is its module.
func (tb *tab) start(collector, options string) {
	tb.t.Helper()
	tb.run(`import("/edgespan/index.mjs").then(async (m) => { await m.initTracer("http://` + collector + `", ` + options + `); window.m = m })`)
	tb.wait(`window.m`)
}

// withoutAndWith returns the results of the page's function outcomes, by name, before and after a tracer traces requests.
func (tb *tab) withoutAndWith(c *collector) (without, with map[string]string) {
	tb.t.Helper()
	plain := tb.await(`return outcomes()`)
	tb.start(c.Address, `{ `+quiet+`, requests: true }`)
	traced := tb.await(`return outcomes()`)
	require.NoError(tb.t, json.Unmarshal([]byte(plain), &without), plain)
	require.NoError(tb.t, json.Unmarshal([]byte(traced), &with), traced)
	return without, with
}

// await runs JavaScript that may use await, and returns its result as text.
func (tb *tab) await(js string) string {
	tb.t.Helper()
	tb.run(`window.answer = undefined; (async () => {` + js + `})().then((v) => { window.answer = [v] }, (e) => { window.answer = [String(e)] })`)
	tb.wait(`window.answer`)
	return tb.text(`window.answer[0]`)
}

func (tb *tab) run(js string) {
	tb.t.Helper()
	tb.do(chromedp.Evaluate("(() => {"+js+"})()", nil))
}

// parked is a JavaScript expression for the spans that wait in the storage.
const parked = `Object.keys(localStorage).filter((k) => k.startsWith("edgespan.spans.")).sort().map((k) => localStorage[k]).join("\n")`

const flush = `import("/edgespan/index.mjs").then(m => m.flushSpans())`

func TestPageIsTraced(t *testing.T) {
	c := startCollector(t)
	tb := openPage(t, servePage(t, ""), c.Address)
	tb.wait(`performance.getEntriesByType("paint").length > 0`) // only painted elements can shift, and shifts because of a click do not count
	tb.run(`{ const e = document.createElement("div"); e.style.height = "300px"; document.body.prepend(e);
		new PerformanceObserver(() => { window.shifted = true }).observe({ type: "layout-shift", buffered: true }); }`)
	tb.wait(`window.shifted`)
	tb.run(`document.querySelector("#break").addEventListener("click", () => { const end = performance.now() + 60; while (performance.now() < end); }, { capture: true })`)
	tb.do(chromedp.Click("#break"))
	tb.run(`{ const end = performance.now() + 120; while (performance.now() < end); }`)
	tb.run(`{ const x = new XMLHttpRequest(); x.open("GET", "/style.css?api_key=1"); x.send(); }`)
	tb.run(`import("/edgespan/index.mjs").then(m => {
		const s = m.startSpan("mine", { attributes: { n: 7, f: 1.5, b: true, l: ["x", "y"] } });
		s.addEvent("half", { way: "there" }).setStatus("error", "no luck");
		const now = performance.now();
		s.run(() => m.recordSpan("past", now - 50, now - 20));
		s.end();
		window.mine = s.toJSON(); window.ms = s.durationMs;
	})`)
	tb.wait(`window.mine`)
	tb.run(flush)

	load := c.await("page load", "", "")
	at := func(s ptrace.Span) (from, to time.Time) {
		return s.StartTimestamp().AsTime(), s.EndTimestamp().AsTime()
	}
	from, to := at(load)
	assert.WithinDuration(t, time.Now(), from, time.Minute)
	assert.Greater(t, to, from)
	full, _ := load.Attributes().Get("url.full")
	assert.Contains(t, full.Str(), "token=REDACTED")
	assert.NotContains(t, full.Str(), "hush")
	var timing map[string]float64
	tb.do(chromedp.Evaluate(`(() => { const o = {}; for (const [k, v] of Object.entries(performance.getEntriesByType("navigation")[0].toJSON())) if (typeof v === "number") o[k] = v; return o })()`, &timing))
	for name, fields := range map[string][2]string{
		"request": {"requestStart", "responseStart"}, "response": {"responseStart", "responseEnd"},
		"dom": {"responseEnd", "domComplete"}, "load": {"loadEventStart", "loadEventEnd"},
	} {
		s := c.await(name, "", "")
		assert.Equal(t, load.SpanID(), s.ParentSpanID(), name)
		begin, end := at(s)
		assert.InDelta(t, timing[fields[0]], float64(begin.Sub(from))/1e6, .01, name)
		assert.InDelta(t, timing[fields[1]], float64(end.Sub(from))/1e6, .01, name)
		_, ok := load.Attributes().Get("edgespan.navigation." + name + "_ms")
		assert.True(t, ok, name)
	}
	style := c.await("resource", "url.full", "style.css")
	assert.Equal(t, load.SpanID(), style.ParentSpanID())
	assert.Equal(t, load.TraceID(), style.TraceID())
	var real float64
	tb.do(chromedp.Evaluate(`performance.getEntriesByType("resource").find(e => e.name.endsWith("style.css")).startTime`, &real))
	begin, _ := at(style)
	assert.InDelta(t, real, float64(begin.Sub(from))/1e6, .01)

	click := c.await("click", "edgespan.element.id", "break")
	assert.NotContains(t, click.Attributes().AsRaw(), "text")
	failed := c.await("uncaught error", "", "")
	assert.Equal(t, click.SpanID(), failed.ParentSpanID())
	assert.Equal(t, ptrace.StatusCodeError, failed.Status().Code())
	message, _ := failed.Events().At(0).Attributes().Get("exception.message")
	assert.Equal(t, "the example's own error", message.Str())

	tb.do(chromedp.Evaluate(`setTimeout(() => { const t = performance.now(); while (performance.now() - t < 120); })`, nil))
	task := c.await("long task", "", "")
	begin, end := at(task)
	assert.Greater(t, end.Sub(begin), 49*time.Millisecond) // 50 ms, except for rounding
	xhr := c.await("GET", "url.full", "style.css?api_key=REDACTED")
	status, _ := xhr.Attributes().Get("http.response.status_code")
	assert.Equal(t, int64(200), status.Int())

	mine, past := c.await("mine", "", ""), c.await("past", "", "")
	assert.Equal(t, map[string]any{"n": int64(7), "f": 1.5, "b": true, "l": []any{"x", "y"}}, mine.Attributes().AsRaw())
	assert.Equal(t, "half", mine.Events().At(0).Name())
	assert.Equal(t, "no luck", mine.Status().Message())
	assert.Equal(t, mine.SpanID(), past.ParentSpanID())
	begin, end = at(past)
	assert.InDelta(t, 30, float64(end.Sub(begin))/1e6, 1)
	assert.Equal(t, mine.TraceID().String(), tb.text("window.mine.traceId"))
	assert.Equal(t, tb.text("window.mine.durationMs"), tb.text("window.ms"))

	// If nothing has been painted since the click, the browser reports it when the page is hidden.
	tb.do(chromedp.Evaluate(`history.pushState({}, "", "/elsewhere"); location.href = "/away"`, nil))
	vitals := c.await("web vitals", "", "").Attributes().AsRaw()
	assert.Equal(t, load.Attributes().AsRaw()["url.full"], vitals["url.full"], "that of the page that was loaded")
	assert.Greater(t, vitals["edgespan.web_vital.ttfb"], 0.0)
	assert.Greater(t, vitals["edgespan.web_vital.fcp"], vitals["edgespan.web_vital.ttfb"])
	assert.GreaterOrEqual(t, vitals["edgespan.web_vital.lcp"], vitals["edgespan.web_vital.fcp"])
	assert.Greater(t, vitals["edgespan.web_vital.cls"], 0.0)
	assert.GreaterOrEqual(t, vitals["edgespan.web_vital.inp"], 56.0, "60 ms, which the browser rounds to 8")
	assert.Empty(t, tb.text("document.cookie"))
}

// A page that is hidden while it loads continues to load, and its span covers all of it.
func TestHiddenWhileItLoads(t *testing.T) {
	c := startCollector(t)
	slow := make(chan struct{})
	answer := sync.OnceFunc(func() { close(slow) })
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.HandleFunc("/slow", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `<!doctype html><title>slow</title><p>A page <img src="/slow.png">`)
		})
		mux.HandleFunc("/slow.png", func(http.ResponseWriter, *http.Request) { <-slow })
	})
	t.Cleanup(answer)
	tb := openTab(t, address+"/away", 900, 600)
	tb.do(chromedp.Evaluate(`location.href = "/slow"`, nil))
	tb.wait(`location.pathname === "/slow" && document.readyState === "interactive"`)
	tb.start(c.Address, `{ resources: false }`)
	tb.run(`Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
		document.dispatchEvent(new Event("visibilitychange"));
		delete document.visibilityState;
		document.dispatchEvent(new Event("visibilitychange"))`)
	tb.await(`await m.flushSpans()`)
	assert.Zero(t, c.named("page load"))
	answer()
	tb.wait(`document.readyState === "complete" && performance.getEntriesByType("navigation")[0].loadEventEnd > 0`)
	tb.wait(`(m.flushSpans(), true)`)
	load := c.await("page load", "", "")
	var loaded float64
	tb.do(chromedp.Evaluate(`performance.getEntriesByType("navigation")[0].loadEventEnd`, &loaded))
	assert.InDelta(t, loaded, float64(load.EndTimestamp()-load.StartTimestamp())/1e6, .01)
	assert.Contains(t, load.Attributes().AsRaw(), "edgespan.navigation.load_ms")
}

// A browser reports interactions of 16 ms or more, and always the first one.
func TestQuickInteractionHasINP(t *testing.T) {
	c := startCollector(t)
	tb := openPage(t, servePage(t, ""), c.Address)
	tb.run(`new PerformanceObserver((list) => { window.told = list.getEntries()[0].duration }).observe({ type: "first-input", buffered: true })`)
	tb.do(chromedp.Click("h1"))
	tb.wait(`window.told !== undefined`)
	tb.do(chromedp.Evaluate(`location.href = "/away"`, nil))
	assert.Contains(t, c.await("web vitals", "", "").Attributes().AsRaw(), "edgespan.web_vital.inp")
}

// LCP of a prerendered page is measured from the navigation to it, not from its prerendering.
func TestLCPOfAPrerenderedPage(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	for _, activation := range []string{"0.5", "1e6"} {
		tb := openTab(t, address+"/away", 900, 600)
		tb.before(`Object.defineProperty(PerformanceNavigationTiming.prototype, "activationStart", { get: () => ` + activation + ` });
			new PerformanceObserver((list) => { for (const e of list.getEntries()) window.painted = e.startTime }).observe({ type: "largest-contentful-paint", buffered: true })`)
		tb.do(chromedp.Navigate(address + "/empty?" + activation))
		tb.start(c.Address, `{ `+quiet+`, webVitals: true }`)
		tb.wait(`window.painted`)
		var painted, after float64
		tb.do(chromedp.Evaluate(`painted`, &painted), chromedp.Evaluate(activation, &after))
		tb.do(chromedp.Evaluate(`location.href = "/away"`, nil))
		got := c.await("web vitals", "url.full", "/empty?"+activation).Attributes().AsRaw()
		assert.InDelta(t, max(painted-after, 0), got["edgespan.web_vital.lcp"], .001, activation)
	}
}

// If the Collector is down or the page is offline, spans wait in localStorage, even after the page is closed.
func TestOfflineAndBack(t *testing.T) {
	c := startCollector(t)
	c.Stop()
	page := servePage(t, "")
	tb := openPage(t, page, c.Address)
	record := func(name string, n string) {
		tb.run(`import("/edgespan/index.mjs").then(async m => { for (let i = 0; i < ` + n + `; i++) m.startSpan("` + name + `").end(); await m.flushSpans(); window.done = "` + name + `" })`)
		tb.wait(`window.done === "` + name + `"`)
	}
	record("down", "1")
	tb.wait(parked + `.includes('"name":"down"')`)
	tb.do(network.EmulateNetworkConditions(true, 0, -1, -1))
	record("offline", "1500")
	tb.wait(parked + `.split("startTimeUnixNano").length - 1 === 1000`)

	tb.do(network.EmulateNetworkConditions(false, 0, -1, -1))
	c.start(t.TempDir(), c.Address)
	tb.do(chromedp.Navigate(page + "/?collector=http://" + c.Address))
	c.await("offline", "", "")
	tb.wait(parked + ` === ""`)
	offline := func() (n int) {
		for _, s := range c.spans() {
			if s.Name() == "offline" {
				n++
			}
		}
		return n
	}
	assert.Eventually(t, func() bool { return offline() > 900 }, patience, 50*time.Millisecond)
	assert.LessOrEqual(t, offline(), 1000)
}

// A trace that begins in the page continues in the example service on the local Compute host.
func TestPageAndEdgeAreOneTrace(t *testing.T) {
	findChromium(t)
	require.NoError(t, buildOnce())
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) }))
	t.Cleanup(origin.Close)
	manifest := filepath.Join(t.TempDir(), "fastly.toml")
	text := "manifest_version = 3\nname = \"t\"\nlanguage = \"go\"\n"
	for _, name := range []string{"backend", "inventory"} {
		text += "[local_server.backends." + name + "]\nurl = \"" + origin.URL + "\"\n"
	}
	require.NoError(t, os.WriteFile(manifest, []byte(text), 0o644))
	wasm, err := filepath.Abs(filepath.Join(root, "bin", "main.wasm"))
	require.NoError(t, err)
	cmd := exec.Command(command, "serve", "-C", manifest, "--wasm", wasm, "--addr", "127.0.0.1:0")
	child.EndWithParent(cmd)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := make(chan string, 100)
	go func() {
		for s := bufio.NewScanner(stdout); s.Scan(); {
			lines <- s.Text()
		}
	}()
	service := ""
	for s := bufio.NewScanner(stderr); service == "" && s.Scan(); {
		service = regexp.MustCompile(`http://[\d.:]+`).FindString(s.Text())
	}
	require.NotEmpty(t, service)
	go func() { _, _ = io.Copy(io.Discard, stderr) }()

	c := startCollector(t)
	tb := openPage(t, servePage(t, service), c.Address)
	tb.do(chromedp.Click("#ask"))
	fetched, ask, click := c.await("GET", "url.full", "/api/items/7"), c.await("ask", "", ""), c.await("click", "edgespan.element.id", "ask")
	assert.Equal(t, ask.SpanID(), fetched.ParentSpanID())
	assert.Equal(t, click.SpanID(), ask.ParentSpanID())
	select {
	case line := <-lines:
		assert.Contains(t, line, `"traceId":"`+click.TraceID().String()+`"`)
		assert.Contains(t, line, `"parentSpanId":"`+fetched.SpanID().String()+`"`)
		if traceFile != "" {
			all := append(bytes.Join(c.lines(), []byte("\n")), "\n"+line+"\n"...)
			require.NoError(t, os.WriteFile(traceFile, all, 0o644))
		}
	case <-time.After(patience):
		t.Fatal("the service has logged no line")
	}
}
