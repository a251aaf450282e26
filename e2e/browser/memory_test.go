package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// heap returns the size of the page's JavaScript heap in bytes, after a garbage collection.
func (tb *tab) heap() (used float64) {
	tb.t.Helper()
	tb.do(heapprofiler.CollectGarbage(), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		used, _, _, _, err = runtime.GetHeapUsage().Do(ctx)
		return err
	}))
	return used
}

// A page that stays open for days, and changes its route, uses no more memory than in the first hour.
func TestPageThatStays(t *testing.T) {
	a := startAnswering(t, takes)
	options := `{ ` + quiet + `, clicks: true, routeChanges: true }`
	tb := openEmpty(t, servePage(t, ""), a.address, options)
	work := func() {
		tb.await(`const b = document.querySelector("#b");
			for (let i = 0; i < 5000; i++) {
				const span = m.startSpan("GET", { attributes: { "url.full": "https://a.example/items/" + Math.random(), i } });
				span.run(() => b.click());
				if (i % 100 === 50) history.pushState({}, "", "/" + Math.random());
				span.addEvent("event", { n: Math.random() }).end();
				if (i % 100 === 0) await new Promise((done) => setTimeout(done)), await m.flushSpans();
			}
			await m.flushSpans()`)
	}
	work()
	before := tb.heap()
	work()
	grown := tb.heap() - before
	t.Logf("%.0f kB held after 5,000 spans, %.0f kB more after as many again", before/1e3, grown/1e3)
	assert.Less(t, grown, 3e6)
	var stats map[string]any
	tb.do(chromedp.Evaluate(`m.stats()`, &stats))
	require.Equal(t, true, stats["running"])
}

// A page may start spans and never end them. The oldest are ended when there are more than a thousand.
func TestSpansThatNeverEnd(t *testing.T) {
	tb := openEmpty(t, servePage(t, ""), "127.0.0.1:1", `{ `+quiet+` }`)
	counts := `(` + parkedSpans + `) + " spans, abandoned: " + (` + parked + `.split("edgespan.abandoned").length - 1)`
	assert.Equal(t, "500 spans, abandoned: 500", tb.await(`window.spans = [];
		for (let i = 0; i < 1500; i++) spans.push(m.startSpan("open"));
		await m.flushSpans();
		return `+counts))
	assert.Equal(t, "501 spans, abandoned: 500", tb.await(`spans[0].addEvent("too late").end();
		spans[1499].end();
		await m.flushSpans();
		return `+counts))
}
