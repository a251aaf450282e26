package browser

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hanging is a Collector that accepts requests and never answers. It counts the requests that are waiting.
func hanging(t *testing.T) (address string, waiting *atomic.Int64) {
	waiting = new(atomic.Int64)
	end := make(chan struct{})
	s := posted(func(_ http.ResponseWriter, r *http.Request) {
		waiting.Add(1)
		defer waiting.Add(-1)
		select {
		case <-r.Context().Done():
		case <-end:
		}
	})
	t.Cleanup(func() { close(end); s.Close() })
	return s.Listener.Addr().String(), waiting
}

// named counts the spans with this name that have arrived.
func (c *collector) named(name string) (n int) {
	for _, s := range c.spans() {
		if s.Name() == name {
			n++
		}
	}
	return n
}

// beside opens another tab in the same browser.
func (tb *tab) beside(url string) *tab {
	tb.t.Helper()
	ctx, cancel := chromedp.NewContext(tb.ctx)
	tb.t.Cleanup(cancel)
	other := &tab{t: tb.t, ctx: ctx}
	other.do(chromedp.Navigate(url))
	return other
}

const parkedSpans = parked + `.split("startTimeUnixNano").length - 1`

// Spans stay in the storage until a Collector has them, so a page that crashes while it sends loses nothing. Meanwhile other
// pages do not send them.
func TestPageCrashesWhileItSends(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	hang, waiting := hanging(t)
	tb := openEmpty(t, address, "127.0.0.1:1", `{ `+quiet+` }`)
	assert.Equal(t, "50", tb.await(`for (let i = 0; i < 50; i++) m.startSpan("old").end(); await m.flushSpans(); return `+parkedSpans))
	dying := tb.beside(address + "/empty?dying")
	dying.start(hang, `{ `+quiet+` }`)
	require.Eventually(t, func() bool { return waiting.Load() == 1 }, patience, 10*time.Millisecond)

	tb.do(chromedp.Navigate(address + "/empty?next"))
	tb.start(c.Address, `{ `+quiet+` }`)
	tb.await(`m.startSpan("young").end(); await m.flushSpans()`)
	c.await("young", "", "")
	if waiting.Load() == 1 { // otherwise the machine is so slow that the other page has given up
		assert.Zero(t, c.named("old"), "the other page sends them")
		assert.Equal(t, "50", tb.text(parkedSpans))
	}
	go func() { _ = chromedp.Run(dying.ctx, page.Crash()) }() // it does not answer
	require.Eventually(t, func() bool {
		tb.await(`await m.flushSpans()`)
		return c.named("old") == 50
	}, patience, 100*time.Millisecond)
	assert.Equal(t, "0", tb.text(parkedSpans))
}

// Spans that are being sent when the page closes are sent again by the next page, unless their arrival was confirmed.
func TestPageClosesWhileItSends(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	hang, waiting := hanging(t)
	tb := openEmpty(t, address, hang, `{ `+quiet+` }`)
	tb.run(`for (let i = 0; i < 5; i++) m.startSpan("young").end(); m.flushSpans()`)
	require.Eventually(t, func() bool { return waiting.Load() == 1 }, patience, 10*time.Millisecond)
	tb.before(`delete Navigator.prototype.locks`) // as on a page that is not a secure context
	tb.do(chromedp.Navigate(address + "/empty?next"))
	assert.Equal(t, "5", tb.text(parkedSpans))
	tb.run(`localStorage["edgespan.spans.0.0.x.7"] = '{"resourceSpans":[{]}]}]}'; localStorage["edgespan.spans.0.1.x.1"] = "torn"; localStorage["edgespan.other"] = "mine"`)
	tb.start(c.Address, `{ `+quiet+` }`)
	require.Eventually(t, func() bool { return c.named("young") == 5 }, patience, 50*time.Millisecond)
	assert.Equal(t, "edgespan.other", tb.await(`await m.flushSpans(); return Object.keys(localStorage).join()`))
}

// A trace with more spans than are kept arrives if there is a Collector, and displaces no others.
func TestLargeTrace(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	record := `for (let i = 0; i < 50; i++) m.startSpan("older").end();
		const root = m.startSpan("root");
		for (let i = 0; i < 1100; i++) m.startSpan("child", { parent: root }).end();
		root.end(); await m.flushSpans();`
	tb := openEmpty(t, address, c.Address, `{ `+quiet+` }`)
	assert.Equal(t, "0", tb.await(record+`return m.stats().dropped`))
	require.Eventually(t, func() bool { return c.named("child") == 1100 }, patience, 50*time.Millisecond)
	assert.Equal(t, 50, c.named("older"))
	root := c.await("root", "", "")
	for _, s := range c.spans() {
		if s.Name() == "child" {
			require.Equal(t, root.SpanID(), s.ParentSpanID())
		}
	}

	// Without a Collector, the latest 1,000 spans are kept, in lines of at most 100.
	tb = openEmpty(t, address, "127.0.0.1:1", `{ `+quiet+` }`)
	var kept, dropped int
	tb.await(record)
	tb.do(chromedp.Evaluate(parkedSpans, &kept), chromedp.Evaluate(`m.stats().dropped`, &dropped))
	assert.Equal(t, 50+1+1100, kept+dropped)
	assert.Greater(t, kept, 900)
	assert.LessOrEqual(t, kept, 1000)
}
