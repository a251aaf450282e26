package browser

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// posted starts a Collector on another origin than the page's. answer answers its POSTs.
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

// The Collector's answer decides whether spans are sent again. The page itself is not affected.
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
		_, _ = io.WriteString(w, "nonsense")
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

	// While a Collector does not answer, nothing waits for it.
	slow.Store(true)
	status.Store(200)
	before := posts.Load()
	tb.run(`m.startSpan("slow").end(); m.flushSpans().then(() => { window.sent = true })`)
	took := tb.text(`(() => { const t = performance.now(); m.recordSpan("x", 0, 1); return performance.now() - t })()`)
	assert.Equal(t, "undefined", tb.text(`window.sent`))
	t.Logf("a span took %s ms while the Collector was slow", took)
	release()
	tb.wait(`window.sent`)
	assert.Equal(t, before+2, posts.Load(), "spans recorded meanwhile are sent afterwards")
}

// Spans that a Collector rejects in a partial success are counted. The tracer does not follow a redirect, since its headers may
// contain a key.
func TestPartialSuccessAndRedirects(t *testing.T) {
	var elsewhere atomic.Int64
	other := posted(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) })
	t.Cleanup(other.Close)
	var told atomic.Value // the partialSuccess of the answer; "" redirects
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
		{"", "9"}, // a redirect counts as a refusal
	} {
		told.Store(c.told)
		assert.Equal(t, c.sum, tb.await(`for (let i = 0; i < 3; i++) m.startSpan("s").end(); await m.flushSpans(); return "" + m.stats().rejected`), c.told)
	}
	assert.Zero(t, elsewhere.Load())
}

// The page's tracer and the Go exporters interpret answers alike: both are tested with the same tables.
func TestAnswersAreReadAsInGo(t *testing.T) {
	tb := openTab(t, servePage(t, "")+"/empty", 900, 600)
	for name, check := range map[string]string{
		"answers.json": `table.filter(({ status, type = "", body = "", outcome, rejected = 0, message = "" }) =>
			JSON.stringify(a.read(status, type, body, 10)) !== JSON.stringify({ outcome, rejected, message }))
			.map((c) => ({ ...c, got: a.read(c.status, c.type ?? "", c.body ?? "", 10) }))`,
		"retryafter.json": `Object.entries(table.seconds).map(([value, want]) => [value, want * 1000, a.retryAfter(value, Date.parse(table.now))])
			.filter(([, want, got]) => want !== got)`,
	} {
		text, err := os.ReadFile(filepath.Join(root, "internal", "otlpanswer", "testdata", name))
		require.NoError(t, err)
		require.True(t, json.Valid(text))
		assert.Equal(t, "[]", tb.await(`const a = await import("/edgespan/answer.mjs"); const table = `+string(text)+`; return JSON.stringify(`+check+`)`), name)
	}
}

// breaksOff answers with a body that is shorter than its Content-Length.
func breaksOff(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		_ = http.NewResponseController(w).Flush()
		time.Sleep(500 * time.Millisecond) // if the error arrives before the body, the browser discards the body
		panic(http.ErrAbortHandler)
	}
}

// A truncated answer is judged by its status and the part of the body that has arrived. Spans that a Collector has accepted are
// not sent again.
func TestAnswerThatBreaksOff(t *testing.T) {
	for status, want := range map[int]string{200: "0 0 0", 400: "0 1 0", 503: "1 0 1"} {
		a := startAnswering(t, breaksOff(status, "{"))
		tb := openEmpty(t, servePage(t, ""), a.address, `{ `+quiet+` }`)
		tb.await(`m.startSpan("s").end(); await m.flushSpans()`)
		assert.Equal(t, want, tb.text(parkedSpans+` + " " + m.stats().rejected + " " + m.stats().failures`), status)
	}
}

// A server that answers 200 but is not a Collector has accepted nothing. The spans wait, including those of a page that is
// being closed.
func TestPageInTheCollectorsPlace(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"a login": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<!doctype html><title>Log in</title>")
		},
		"by type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "Log in")
		},
		"cut short": breaksOff(200, "<html>"),
	} {
		t.Run(name, func(t *testing.T) {
			a := startAnswering(t, answer)
			tb := openEmpty(t, servePage(t, ""), a.address, `{ `+quiet+` }`)
			tb.run(`window.told = []; const warn = console.warn; console.warn = (...what) => { told.push(what.join(" ")); warn(...what) }`)
			tb.await(`m.startSpan("first").end(); await m.flushSpans(); m.startSpan("second").end(); await m.flushSpans()`)
			assert.Equal(t, "2 0 2", tb.text(parkedSpans+` + " " + m.stats().rejected + " " + m.stats().failures`))
			assert.Equal(t, "1 true", tb.text(`told.length + " " + told[0].includes("in the Collector's place")`), "the same error is reported once")

			a.answer.Store(http.HandlerFunc(takes))
			assert.Equal(t, "0 0", tb.await(`await m.flushSpans(); return `+parkedSpans+` + " " + m.stats().failures`))
			a.answer.Store(answer)
			tb.run(`m.startSpan("hidden").end();
				Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
				document.dispatchEvent(new Event("visibilitychange"));
				delete document.visibilityState`)
			tb.wait(parkedSpans + ` === 1`)
			a.answer.Store(http.HandlerFunc(takes))
			assert.Equal(t, "0 0 0", tb.await(`await m.flushSpans(); const s = m.stats(); return `+parkedSpans+` + " " + s.rejected + " " + s.dropped`))
		})
	}
}

// An answer without an end is not read forever.
func TestEndlessAnswer(t *testing.T) {
	const most = 256 << 20
	for _, status := range []int{200, 400} {
		written := make(chan int, 1)
		a := startAnswering(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			chunk, n := []byte(strings.Repeat(" ", 64<<10)), 0
			for n < most {
				k, err := w.Write(chunk)
				if n += k; err != nil {
					break
				}
			}
			written <- n
		})
		tb := openEmpty(t, servePage(t, ""), a.address, `{ `+quiet+` }`)
		want := fmt.Sprintf("0 %d", map[int]int{200: 0, 400: 1}[status])
		assert.Equal(t, want, tb.await(`m.startSpan("s").end(); await m.flushSpans(); return `+parkedSpans+` + " " + m.stats().rejected`))
		select {
		case n := <-written:
			t.Logf("%d kB were written until it closed", n>>10)
			assert.Less(t, n, most/4) // the rest is in buffers on the way
		case <-time.After(patience):
			t.Error("the page still reads")
		}
	}
}
