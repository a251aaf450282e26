package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// A page's monotonic clock may stop while the machine sleeps, and its time origin may be wrong. Spans have the time of the wall
// clock anyway.
func TestClockThatStoodStill(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(`const told = performance.timeOrigin; Object.defineProperty(performance, "timeOrigin", { value: told - 7_200_000 })`)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(c.Address, `{ `+quiet+`, pageLoad: true }`)
	began := time.Now()
	tb.await(`const now = Date.now, past = m.startSpan("over midnight");
		m.startSpan("before").end();
		Date.now = () => now() + 3_600_000;
		m.startSpan("asleep for an hour").end();
		past.end();
		Date.now = now;
		m.startSpan("set back").end();
		await m.flushSpans()`)
	for name, ahead := range map[string]time.Duration{"page load": 0, "before": 0, "asleep for an hour": time.Hour, "set back": 0} {
		assert.WithinDuration(t, began.Add(ahead), c.await(name, "", "").StartTimestamp().AsTime(), patience, name)
	}
	past := c.await("over midnight", "", "")
	assert.WithinDuration(t, began, past.StartTimestamp().AsTime(), patience)
	assert.WithinDuration(t, began.Add(time.Hour), past.EndTimestamp().AsTime(), patience)
}

// A browser may discard a hidden, frozen page without notice. The waiting spans are sent before.
func TestPageThatIsFrozen(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+` }`)
	assert.Equal(t, "1 0", tb.text(`(() => {
		m.startSpan("before the frost").end();
		const { held } = m.stats();
		document.dispatchEvent(new Event("freeze"));
		return held + " " + m.stats().held;
	})()`))
	c.await("before the frost", "", "")
}

// If the page never finishes loading, spans that start meanwhile are sent anyway.
func TestPageThatNeverLoads(t *testing.T) {
	c := startCollector(t)
	end := make(chan struct{})
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `<!doctype html><title>endless</title><img src="/endless.png">`)
		})
		mux.HandleFunc("/endless.png", func(http.ResponseWriter, *http.Request) { <-end })
	})
	t.Cleanup(func() { close(end) })
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(`const timeout = window.setTimeout; window.setTimeout = (f, ms, ...args) => timeout(f, ms === 60_000 ? 200 : ms, ...args)`)
	tb.do(chromedp.Evaluate(`location.href = "/endless"`, nil))
	tb.wait(`location.pathname === "/endless" && document.readyState === "interactive"`)
	tb.start(c.Address, `{ `+quiet+`, pageLoad: true }`)
	tb.await(`m.startSpan("meanwhile").end(); await new Promise((done) => setTimeout(done, 500)); m.startSpan("later").end(); await m.flushSpans()`)
	load := c.await("page load", "", "")
	assert.NotContains(t, load.Attributes().AsRaw(), "edgespan.navigation.load_ms")
	assert.Equal(t, load.SpanID(), c.await("meanwhile", "", "").ParentSpanID())
	assert.True(t, c.await("later", "", "").ParentSpanID().IsEmpty())
}

// If Server-Timing or a meta element names the span that made the page, the page belongs to that trace, unless it comes from
// the browser's cache.
func TestPageContinuesItsServersTrace(t *testing.T) {
	c := startCollector(t)
	const trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	flags := "01"
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.HandleFunc("/served/", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Cache-Control", "max-age=600")
			w.Header().Add("Server-Timing", `db;dur=1`)
			served := "00-" + trace + "-" + span + "-" + flags
			if strings.HasSuffix(r.URL.Path, "/meta") {
				served = `<meta name="traceparent" content="` + served + `">`
			} else {
				w.Header().Add("Server-Timing", `traceparent;desc="`+served+`"`)
			}
			_, _ = io.WriteString(w, `<!doctype html><title>served</title>`+served+`<p>A page</p>`)
		})
	})
	tb := openTab(t, address+"/away", 900, 600)
	for _, p := range []struct {
		path, flags string
		again, goes bool
	}{{"/served/1", "01", false, true}, {"/served/2", "00", false, false}, {"/served/3", "01", true, false}, {"/served/meta", "01", false, true}, {"/served/no/meta", "00", false, false}} {
		flags = p.flags
		for range map[bool]int{false: 1, true: 2}[p.again] {
			tb.do(chromedp.Navigate(address + "/away"))
			tb.do(chromedp.Evaluate(`location.href = "`+p.path+`"`, nil))
			tb.wait(`location.pathname === "` + p.path + `" && document.readyState === "complete"`)
		}
		assert.Equal(t, !p.again, tb.text(`performance.getEntriesByType("navigation")[0].transferSize`) != "0")
		tb.start(c.Address, `{ `+quiet+`, pageLoad: true }`)
		tb.wait(`(m.flushSpans(), true)`)
		load := c.await("page load", "url.full", p.path)
		assert.Equal(t, p.goes, load.TraceID().String() == trace, p.path)
		assert.Equal(t, p.goes, load.ParentSpanID().String() == span, p.path)
	}
}

// Data that a browser withholds about resources of another origin is left out.
func TestWithheldSize(t *testing.T) {
	c := startCollector(t)
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/told") {
			w.Header().Set("Timing-Allow-Origin", "*")
		}
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, "loaded++")
	}))
	t.Cleanup(far.Close)
	policy := strings.Replace(policy, "script-src 'self'", "script-src 'self' http://127.0.0.1:*", 1)
	tb := openEmpty(t, servePageWith(t, "", policy), c.Address, `{ `+quiet+`, resources: true }`)
	tb.run(`window.loaded = 0; for (const path of ["/told", "/hidden"]) document.body.append(Object.assign(document.createElement("script"), { src: "` + far.URL + `" + path }))`)
	tb.wait(`loaded === 2 && performance.getEntriesByType("resource").filter((e) => e.name.startsWith("` + far.URL + `")).length === 2`)
	tb.wait(`(m.flushSpans(), true)`)
	assert.Equal(t, int64(len("loaded++")), c.await("resource", "url.full", "/told").Attributes().AsRaw()["http.response.body.size"])
	assert.NotContains(t, c.await("resource", "url.full", "/hidden").Attributes().AsRaw(), "http.response.body.size")
}

// A resource that could not be loaded is an error, like a request.
func TestResourceThatFails(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+`, resources: true }`)
	tb.await(`await new Promise((done) => document.body.append(Object.assign(new Image(), { src: "/none", onerror: done })));
		await new Promise((done) => document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/style.css", onload: done })))`)
	tb.wait(`performance.getEntriesByType("resource").filter((e) => /none$|style.css/.test(e.name)).length === 2`)
	tb.wait(`(m.flushSpans(), true)`)
	failed := c.await("resource", "url.full", "/none")
	assert.Equal(t, "404", failed.Attributes().AsRaw()["error.type"])
	assert.Equal(t, ptrace.StatusCodeError, failed.Status().Code())
	good := c.await("resource", "url.full", "/style.css")
	assert.NotContains(t, good.Attributes().AsRaw(), "error.type")
	assert.Equal(t, ptrace.StatusCodeUnset, good.Status().Code())
}
