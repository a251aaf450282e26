package browser

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// In Angular, zone.js counts timers, listeners and requests that begin in the page's zone as work of the page. The page draws itself after
// each, and is not done before all are. So the tracer has none there, whatever the page does.
func TestZones(t *testing.T) {
	for name, before := range navigations {
		t.Run(name, func(t *testing.T) { testZones(t, before) })
	}
}

func testZones(t *testing.T, before string) {
	folder := t.TempDir()
	npm(t, folder, "install", "--no-save", "--ignore-scripts", "zone.js@0.15.1")
	c := startCollector(t)
	tb := openTab(t, servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.Handle("/zone/", http.StripPrefix("/zone/", http.FileServer(http.Dir(filepath.Join(folder, "node_modules", "zone.js", "bundles")))))
	})+"/empty", 900, 600)
	tb.run(before)
	tb.await(`await import("/zone/zone.umd.js");
		window.m = await import("/edgespan/index.mjs");
		window.tasks = [];
		window.zone = Zone.current.fork({ name: "page", onScheduleTask(delegate, current, target, task) {
			const { stack } = new Error();
			const own = task.source === "fetch" || task.source === "XMLHttpRequest.send"; // by the page, and by way of fetch.mjs
			if (task.type !== "microTask" && (own ? /sender.mjs/ : /\/edgespan\//).test(stack)) tasks.push(task.source + stack);
			return delegate.scheduleTask(target, task);
		} });
		zone.run(() => setTimeout(() => { window.counts = tasks.length === 0 }));
		await zone.run(() => m.initTracer("http://` + c.Address + `"))`)
	tb.wait(`window.counts`)
	tb.await(`zone.run(() => document.querySelector("#b").click());
		zone.run(() => history.pushState({}, "", "/elsewhere"));
		await zone.run(() => fetch("/away").then((response) => response.text()));
		await zone.run(() => new Promise((f) => { const x = new XMLHttpRequest(); x.open("GET", "/away"); x.onload = f; x.send() }));
		zone.run(() => { for (let i = 0; i < 600; i++) m.startSpan("many").end(); }); // which are sent at once
		await new Promise((f) => setTimeout(f, 1200)); // until the route change is over, on most machines
		await zone.run(() => m.flushSpans())`)
	c.await("route change", "", "")
	c.await("many", "", "")
	assert.Empty(t, tb.text(`tasks.join("\n")`))
}
