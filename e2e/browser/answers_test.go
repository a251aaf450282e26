package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// posted starts a Collector on another origin than the page's, which answers what a page posts there.
func posted(answer http.HandlerFunc) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
		if r.Method == http.MethodOptions {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		answer(w, r)
	}))
}

// What a Collector answers decides whether spans are sent again; the page notices none of it.
func TestAnswers(t *testing.T) {
	var status, posts atomic.Int64
	var slow atomic.Bool
	held := make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	far := posted(func(w http.ResponseWriter, _ *http.Request) {
		posts.Add(1)
		if slow.Load() {
			<-held
		}
		w.WriteHeader(int(status.Load()))
		_, _ = io.WriteString(w, "<html>nonsense</html>")
	})
	t.Cleanup(func() { release(); far.Close() })
	status.Store(200)
	address := servePage(t, "")
	tb := openEmpty(t, address, far.Listener.Addr().String(), `{ `+quiet+` }`)
	for _, c := range []struct {
		status           int64
		parked, rejected string
	}{{429, "1", "0"}, {502, "2", "0"}, {503, "3", "0"}, {504, "4", "0"}, {200, "0", "0"}, {400, "0", "1"}, {404, "0", "2"}, {500, "0", "3"}, {204, "0", "3"}} {
		status.Store(c.status)
		assert.Equal(t, c.parked+" "+c.rejected, tb.await(`m.startSpan("s").end(); await m.flushSpans(); return `+parked+`.split("startTimeUnixNano").length - 1 + " " + m.stats().rejected`), c.status)
	}

	// While a Collector does not answer, nobody waits for it.
	slow.Store(true)
	status.Store(200)
	before := posts.Load()
	tb.run(`m.startSpan("slow").end(); m.flushSpans().then(() => { window.sent = true })`)
	took := tb.text(`(() => { const t = performance.now(); m.recordSpan("x", 0, 1); return performance.now() - t })()`)
	assert.Equal(t, "undefined", tb.text(`window.sent`))
	t.Logf("a span took %s ms while the Collector was slow", took)
	release()
	tb.wait(`window.sent`)
	assert.Equal(t, before+2, posts.Load(), "what came meanwhile goes behind it")
}

// What a Collector takes in part is counted, and where it sends the page elsewhere, nothing goes there: headers may hold a key.
func TestPartialSuccessAndRedirects(t *testing.T) {
	var elsewhere atomic.Int64
	other := posted(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	t.Cleanup(other.Close)
	var told atomic.Value // what it says of a partial success; "" for a redirect
	far := posted(func(w http.ResponseWriter, _ *http.Request) {
		if told.Load() == "" {
			w.Header().Set("Location", other.URL)
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"partialSuccess":{"rejectedSpans":`+told.Load().(string)+`,"errorMessage":"too old"}}`)
	})
	t.Cleanup(far.Close)
	tb := openEmpty(t, servePage(t, ""), far.Listener.Addr().String(), `{ `+quiet+` }`)
	for _, c := range []struct{ told, sum string }{ // of three spans each
		{`"2"`, "2"}, {`1`, "3"}, {`"-5"`, "3"}, {`99`, "6"}, {`"many"`, "6"}, {`null`, "6"},
		{"", "9"}, // a redirect is a refusal
	} {
		told.Store(c.told)
		assert.Equal(t, c.sum, tb.await(`for (let i = 0; i < 3; i++) m.startSpan("s").end(); await m.flushSpans(); return "" + m.stats().rejected`), c.told)
	}
	assert.Zero(t, elsewhere.Load())
}
