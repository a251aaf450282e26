package browser

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// navigations are what a page learns of its routes from, and scripts that make it so.
var navigations = map[string]string{
	"Navigation API": ``,
	"history":        `Object.defineProperty(globalThis, "Navigation", { value: undefined })`, // as in browsers before 2026
}

// A change of route is a span in the trace of the click that led to it, whether a router changes the address first or asks for the data
// first. What follows it is in the trace too. A change that a visitor makes by going back is a trace of its own.
func TestRouteChanges(t *testing.T) {
	for name, before := range navigations {
		t.Run(name, func(t *testing.T) { testRouteChanges(t, before) })
	}
}

func testRouteChanges(t *testing.T, before string) {
	c := startCollector(t)
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.HandleFunc("/data/", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) })
	})
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(before)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(c.Address, `{ `+quiet+`, clicks: true, requests: true, routeChanges: true }`)
	tb.run(`window.later = (ms) => new Promise((f) => setTimeout(f, ms));
		window.get = async (url) => void (await fetch(url)).text(); // so that a next request follows at once, also on a slow machine
		window.over = () => later(1500); // a route change is over after a second without requests
		window.click = async (id) => { document.querySelector("#" + id).click(); await handled; await over(); };
		const link = (id, f) => { const a = document.createElement("a"); a.id = id; a.onclick = () => { window.handled = f(); }; document.body.append(a); };
		link("address-first", async () => {
			history.pushState({}, "", "/first?token=x");
			await later(300); // while the page shows the new view
			await get("/data/first");
			await get("/data/second");
		});
		link("data-first", async () => {
			await get("/data/third");
			await get("/data/fourth");
			history.pushState({}, "", "/old");
			history.replaceState({}, "", "/new");
		});
		link("none", () => {
			history.replaceState({}, "", location.href);
			history.replaceState({}, "", "?typed=a");
			history.replaceState({}, "", "?typed=ab");
			location.hash = "p"; // a place in the page
		})`)
	tb.await(`await click("none"); await click("address-first"); await click("data-first");
		const changed = () => new Promise((f) => addEventListener("hashchange", f, { once: true }));
		location.hash = "#/items/7?token=x"; await changed();
		history.back(); await changed(); await over();
		m.startSpan("after").end();
		await m.flushSpans()`)

	parent := func(name, key, value string) pcommon.SpanID { return c.await(name, key, value).ParentSpanID() }
	change := func(url string) string { return c.await("route change", "url.full", url).SpanID().String() }
	assert.Equal(t, c.await("click", "edgespan.element.id", "address-first").SpanID(), parent("route change", "url.full", "/first?token=REDACTED"))
	for _, path := range []string{"/data/first", "/data/second"} {
		assert.Equal(t, change("/first"), parent("GET", "url.full", path).String(), path)
	}
	first, second := c.await("route change", "url.full", "/first"), c.await("GET", "url.full", "/data/second")
	assert.Equal(t, second.EndTimestamp(), first.EndTimestamp(), "the route change lasts until the page has settled")
	clicked := c.await("click", "edgespan.element.id", "data-first").SpanID()
	assert.Equal(t, clicked, parent("GET", "url.full", "/data/third"))
	assert.Equal(t, clicked, parent("GET", "url.full", "/data/fourth"))
	assert.Equal(t, clicked, parent("route change", "url.full", "/old"))
	assert.Equal(t, change("/old"), parent("route change", "url.full", "/new").String(), "the router redirects")

	var got []map[string]any
	for _, s := range c.spans() {
		if s.Name() == "route change" {
			got = append(got, s.Attributes().AsRaw())
		}
	}
	of := func(url, kind string) map[string]any {
		attributes := map[string]any{"url.full": address + url}
		if kind != "" {
			attributes["edgespan.navigation.type"] = kind
		}
		return attributes
	}
	hash, back := "push", "traverse"
	if before != "" { // popstate does not tell these apart
		hash, back = "", ""
	}
	assert.ElementsMatch(t, []map[string]any{of("/first?token=REDACTED", "push"), of("/old", "push"), of("/new", "replace"), of("/new#/items/7?token=REDACTED", hash), of("/new", back)}, got)
	for _, s := range c.spans() {
		if kind, _ := s.Attributes().AsRaw()["edgespan.navigation.type"].(string); s.Name() == "route change" && kind == back {
			assert.True(t, s.ParentSpanID().IsEmpty())
		}
	}
	assert.True(t, parent("after", "", "").IsEmpty())
}

// A page may give its spans times that are far off, such as Date.now(). The route change does not take them over.
func TestRouteChangeEndsNow(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+`, routeChanges: true }`)
	tb.run(`history.pushState({}, "", "/elsewhere"); m.recordSpan("odd", performance.now(), Date.now()); location.href = "/away"`)
	c.await("odd", "", "")
	assert.WithinDuration(t, time.Now(), c.await("route change", "", "").EndTimestamp().AsTime(), time.Hour)
}

// A page that is left or hidden during a route change sends its span.
func TestRouteChangeOfAPageThatIsLeft(t *testing.T) {
	c := startCollector(t)
	page := servePage(t, "")
	tb := openEmpty(t, page, c.Address, `{ `+quiet+`, routeChanges: true }`)
	tb.run(`history.pushState({}, "", "/elsewhere"); m.startSpan("open"); location.href = "/away"`)
	open := c.await("open", "edgespan.page_left", "true")
	assert.Equal(t, c.await("route change", "url.full", "/elsewhere").SpanID(), open.ParentSpanID())
}
