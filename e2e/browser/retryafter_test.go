package browser

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answering is a Collector on another origin whose answers can be changed. It records the time of each request.
type answering struct {
	address string
	answer  atomic.Value // an http.HandlerFunc

	mu   sync.Mutex
	asks []time.Time
}

func startAnswering(t *testing.T, answer http.HandlerFunc) *answering {
	a := &answering{}
	a.answer.Store(answer)
	s := posted(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.asks = append(a.asks, time.Now())
		a.mu.Unlock()
		a.answer.Load().(http.HandlerFunc)(w, r)
	})
	t.Cleanup(s.Close)
	a.address = s.Listener.Addr().String()
	return a
}

func (a *answering) asked() []time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]time.Time(nil), a.asks...)
}

func takes(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// After an answer with Retry-After, all pages of the origin wait, whatever the reason to send. Until then the spans are in the
// storage.
func TestRetryAfter(t *testing.T) {
	const wait = 3 * time.Second
	address := servePage(t, "")
	for _, c := range []struct {
		status int
		value  func() string
	}{
		{http.StatusTooManyRequests, func() string { return "3" }},
		{http.StatusServiceUnavailable, func() string { return time.Now().Add(wait + time.Second).UTC().Format(http.TimeFormat) }},
	} {
		var a *answering
		a = startAnswering(t, func(w http.ResponseWriter, _ *http.Request) {
			a.answer.Store(http.HandlerFunc(takes))
			askToWait(w, c.status, c.value())
		})
		tb := openEmpty(t, address, a.address, `{ `+quiet+` }`)
		tb.await(`m.startSpan("first").end(); await m.flushSpans()`)
		assert.Equal(t, "2 0", tb.await(`m.startSpan("second").end(); dispatchEvent(new Event("online")); await m.flushSpans(); return `+parkedSpans+` + " " + m.stats().held`))
		tb.run(`for (let i = 0; i < 600; i++) m.startSpan("many").end()`) // so many that they are sent without the timer
		tb.do(chromedp.Navigate(address + "/empty?next"))
		tb.start(a.address, `{ `+quiet+` }`)
		for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
			if tb.await(`await m.flushSpans(); return `+parkedSpans) == "0" {
				break
			}
			require.False(t, time.Now().After(end))
		}
		asks := a.asked()
		require.Greater(t, len(asks), 1)
		assert.GreaterOrEqual(t, asks[1].Sub(asks[0]), wait-50*time.Millisecond, "%d", c.status) // the clocks are those of two programs
		assert.Equal(t, "", tb.text(`Object.keys(localStorage).filter((k) => k.startsWith("edgespan.until")).join()`))
	}
}

// A Collector cannot keep a page from sending forever, not by its answer, and not after the clock was set back.
func TestRetryAfterIsBounded(t *testing.T) {
	a := startAnswering(t, func(w http.ResponseWriter, _ *http.Request) { askToWait(w, http.StatusServiceUnavailable, "31536000") })
	address := servePage(t, "")
	tb := openEmpty(t, address, a.address, `{ `+quiet+` }`)
	tb.await(`m.startSpan("s").end(); await m.flushSpans()`)
	until := `localStorage["edgespan.until.http://` + a.address + `/v1/traces"]`
	assert.Equal(t, "true", tb.text(`(() => { const left = `+until+` - Date.now(); return left > 0 && left <= 3_600_000 })()`))
	a.answer.Store(http.HandlerFunc(takes))
	tb.run(until + ` = Date.now() + 7_200_000`)
	tb.do(chromedp.Navigate(address + "/empty?next"))
	tb.start(a.address, `{ `+quiet+` }`)
	tb.wait(parked + ` === ""`)
	assert.Len(t, a.asked(), 2)
}

// The same without a storage, but then other pages of the origin do not know of the Retry-After.
func TestRetryAfterWithoutStorage(t *testing.T) {
	a := startAnswering(t, func(w http.ResponseWriter, _ *http.Request) { askToWait(w, http.StatusServiceUnavailable, "600") })
	address := servePage(t, "")
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(`Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError") } })`)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(a.address, `{ `+quiet+` }`)
	assert.Equal(t, "703 0", tb.await(`for (let i = 0; i < 3; i++) { m.startSpan("s").end(); await m.flushSpans() }
		for (let i = 0; i < 700; i++) m.startSpan("many").end();
		await m.flushSpans(); const s = m.stats(); return s.held + " " + s.dropped`))
	assert.Len(t, a.asked(), 1)
}

func askToWait(w http.ResponseWriter, status int, retryAfter string) {
	w.Header().Set("Retry-After", retryAfter)
	w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
	w.WriteHeader(status)
}
