package browser

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A browser accepts 64 KiB from a page that closes, in beacons and keepalive requests together. The tracer leaves most of that
// to the page.
func TestPageMaySendWhenItCloses(t *testing.T) {
	c := startCollector(t)
	address := servePageWith(t, "", policy, func(mux *http.ServeMux) {
		mux.HandleFunc("/beacon", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	})
	tb := openEmpty(t, address, c.Address, `{ `+quiet+` }`)
	tb.run(`for (let i = 0; i < 300; i++) m.startSpan("held", { attributes: { text: "some text " + i } }).end();
		const large = "x".repeat(20_000);
		addEventListener("visibilitychange", () => {
			const taken = navigator.sendBeacon("/beacon", large);
			fetch("/beacon", { method: "POST", keepalive: true, body: large }).then((r) => r.status, String).then((status) => { window.answers = [taken, status].join(" ") });
		});
		Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
		document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
		delete document.visibilityState`)
	tb.wait(`window.answers`)
	assert.Equal(t, "true 200", tb.text(`answers`))
	c.await("held", "", "") // some have been sent at once
	tb.await(`await m.flushSpans()`)
	require.Eventually(t, func() bool { return c.named("held") == 300 }, patience, 50*time.Millisecond)
}

// Waiting spans leave space in the storage, which they share with the page, and in memory. Spans that have to be dropped for
// that are counted.
func TestStorageLeavesRoomForThePage(t *testing.T) {
	address := servePage(t, "")
	tb := openEmpty(t, address, "127.0.0.1:1", `{ `+quiet+` }`)
	record := `for (let i = 0; i < 900; i++) m.startSpan("s" + i, { attributes: { body: "y".repeat(8000) } }).end();`
	tb.await(record + `await m.flushSpans()`)
	tb.wait(`m.stats().held === 0`)
	assert.Equal(t, "ok", tb.text(`(() => { try { localStorage.setItem("cart", "z".repeat(2_000_000)); return "ok" } catch (e) { return e.name } })()`))
	size := `Object.keys(localStorage).filter((k) => k.startsWith("edgespan")).reduce((n, k) => n + localStorage[k].length, 0)`
	assert.Equal(t, "true 900", tb.text(`(`+size+` > 900_000 && `+size+` <= 1 << 20) + " " + (`+parkedSpans+` + m.stats().dropped)`))
	assert.Equal(t, "true", tb.text(parked+`.includes('"s899"')`), "the oldest have gone")

	// Without a storage the spans wait in memory, which holds more of them.
	tb = openTab(t, address+"/away", 900, 600)
	tb.before(`Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError") } })`)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start("127.0.0.1:1", `{ `+quiet+` }`)
	large := strings.Replace(record, "8000", "30_000", 1)
	assert.Equal(t, "true 900", tb.await(large+`await m.flushSpans(); const s = m.stats(); return (s.held > 200 && s.held < 290) + " " + (s.held + s.dropped)`))
}
