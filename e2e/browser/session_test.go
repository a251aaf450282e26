package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// A session is sampled as a whole or not at all, and the traceparent passes the decision on.
func TestSessionsAreSampled(t *testing.T) {
	c := startCollector(t)
	same, seen := echo(t)
	address := servePage(t, same)
	tb := openEmpty(t, address, c.Address, `{ sampleRatio: 0 }`)
	assert.Equal(t, "false", tb.await(`await fetch("/api/unsampled"); const s = m.startSpan("no"); s.end(); await m.flushSpans(); return s.toJSON().sampled`))
	traceparent, _ := seen.Load("/api/unsampled")
	assert.Regexp(t, `^00-[0-9a-f]{32}-[0-9a-f]{16}-0[02]$`, traceparent)
	session := tb.text(`sessionStorage.getItem("edgespan.session")`)
	assert.Contains(t, session, `"number":`)

	tb.do(chromedp.Navigate(address + "/empty?next")) // another page in the same tab
	tb.start(c.Address, `{ sampleRatio: 0.5 }`)
	assert.Equal(t, session, tb.text(`sessionStorage.getItem("edgespan.session")`))
	assert.Equal(t, tb.text(`JSON.parse(sessionStorage.getItem("edgespan.session")).number < 0.5`), tb.await(`return m.startSpan("maybe").toJSON().sampled`))

	tb.do(chromedp.Navigate(address + "/empty?again"))
	tb.start(c.Address, `{ sampleRatio: 1 }`)
	tb.await(`m.startSpan("yes").end(); await m.flushSpans()`)
	c.await("yes", "", "")
	_, sent := c.find("no", "", "")
	assert.False(t, sent)
	resource := c.resourceOf("yes")
	assert.Contains(t, session, `"`+resource["session.id"].(string)+`"`)
	assert.Equal(t, 1.0, resource["edgespan.session.sample_ratio"])
	assert.Empty(t, tb.text(`document.cookie`))
}

// Spans are sent automatically, every ten seconds and when the page closes.
func TestFlushesAutomatically(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openEmpty(t, address, c.Address, `{ `+quiet+` }`)
	began := time.Now()
	tb.run(`m.startSpan("by time").end()`)
	c.await("by time", "", "")
	assert.Less(t, time.Since(began), patience)
	tb.run(`for (let i = 0; i < 50; i++) m.startSpan("going " + i).end()`)
	tb.run(`const open = m.startSpan("open"); m.startSpan("within", { parent: open }).end()`)
	tb.do(chromedp.Navigate(address + "/away"))
	c.await("going 0", "", "")
	c.await("going 49", "", "")
	open, within := c.await("open", "edgespan.page_left", "true"), c.await("within", "", "")
	assert.Equal(t, open.SpanID(), within.ParentSpanID())
}

// While the intervals between attempts are long, new spans are stored anyway, so that a crash loses at most the last ten
// seconds.
func TestSpansAreStoredBetweenAttempts(t *testing.T) {
	tb := openEmpty(t, servePage(t, ""), "127.0.0.1:1", `{ `+quiet+` }`)
	tb.await(`for (let i = 0; i < 6; i++) { m.startSpan("s").end(); await m.flushSpans() }`) // the next attempt is in 160 s
	tb.run(`m.startSpan("later").end()`)
	tb.wait(parked + `.includes('"later"')`)
	assert.Equal(t, "0", tb.text(`m.stats().held`))
}

// flushSpans sends the spans that were recorded before the call, even if another flush is just ending.
func TestFlushBesideAnother(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openTab(t, address+"/empty", 900, 600)
	assert.Equal(t, "", tb.await(`
		window.m = await import("/edgespan/index.mjs");
		await m.initTracer("http://`+c.Address+`", { `+quiet+` }); // which flushes
		const left = [];
		for (let ticks = 0; ticks < 30; ticks++) {
			m.startSpan("at once").end();
			await m.flushSpans();
			if (m.stats().held > 0) left.push(ticks);
			m.flushSpans();
			for (let i = 0; i < ticks; i++) await undefined;
		}
		return left.join()`))
	assert.Eventually(t, func() bool { return c.named("at once") == 30 }, patience, 50*time.Millisecond)
}

// A browser accepts 64 KiB from a page that closes. The next page sends the rest.
func TestMoreThanAPageMaySendWhenItCloses(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openEmpty(t, address, c.Address, `{ `+quiet+` }`)
	took := tb.text(`(() => { const t = performance.now(); for (let i = 0; i < 450; i++) m.startSpan("many", { attributes: { text: "x".repeat(200) } }).end(); return (performance.now() - t) / 450 * 1000 })()`)
	t.Logf("%s µs a span", took)
	tb.do(chromedp.Navigate(address + "/away"))
	c.await("many", "", "")
	assert.Less(t, c.named("many"), 450)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(c.Address, `{ `+quiet+` }`)
	assert.Eventually(t, func() bool { return c.named("many") == 450 }, patience, 50*time.Millisecond, "each once")
}

// Lines that share their resource send it once, and it takes room once. So the web vitals, which are recorded after the page has sent its
// other spans, still find room in what a browser takes from a page that closes.
func TestVitalsLeaveWithThePage(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	options := strings.Replace(`{ `+quiet+` }`, "webVitals: false", "webVitals: true", 1)
	tb := openEmpty(t, address, c.Address, options)
	tb.run(`for (let i = 0; i < 18; i++) m.startSpan("going").end()`) // each a line with the page's resource
	tb.do(chromedp.Evaluate(`location.href = "/away"`, nil))
	c.await("web vitals", "", "")
	assert.Eventually(t, func() bool { return c.named("going") == 18 }, patience, 50*time.Millisecond) // maybe in a request that arrives later
}

// A browser without keepalive uses sendBeacon.
func TestBeacon(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(`delete Request.prototype.keepalive; const beacon = navigator.sendBeacon; navigator.sendBeacon = function (...a) { localStorage.beacons = 1; return beacon.apply(this, a) }`)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(c.Address, `{ `+quiet+` }`)
	tb.run(`m.startSpan("by beacon").end()`)
	tb.do(chromedp.Navigate(address + "/away"))
	c.await("by beacon", "", "")
	assert.Equal(t, "1", tb.text(`localStorage.beacons`))
}

// Without localStorage, at most 1,000 spans wait in memory. Dropped spans are counted.
func TestWithoutStorage(t *testing.T) {
	c := startCollector(t)
	c.Stop()
	address := servePage(t, "")
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(`for (const s of ["localStorage", "sessionStorage"]) Object.defineProperty(window, s, { get() { throw new DOMException("no", "SecurityError") } })`)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(c.Address, `{ `+quiet+` }`)
	assert.Equal(t, "1000 300", tb.await(`for (let i = 0; i < 1300; i++) m.startSpan("kept").end(); await m.flushSpans(); const s = m.stats(); return s.held + " " + s.dropped`))
	c.start(t.TempDir(), c.Address)
	assert.Equal(t, "0 0", tb.await(`await m.flushSpans(); const s = m.stats(); return s.held + " " + s.failures`))
	assert.Eventually(t, func() bool { return len(c.spans()) == 1000 }, patience, 50*time.Millisecond)
}

// before runs JavaScript in each new page, before the page's own scripts.
func (tb *tab) before(js string) {
	tb.t.Helper()
	tb.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(strings.TrimSpace(js)).Do(ctx)
		return err
	}))
}
