package browser

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Requests of both kinds, for a page: each returns when the body has been read and the browser has measured the request.
const measuredRequests = `{
	fetch: async (url, headers) => { await (await fetch(url, { headers })).text(); await measured(url) },
	xmlhttprequest: async (url, headers) => {
		await new Promise((done) => {
			const x = new XMLHttpRequest();
			x.open("GET", url);
			for (const [name, value] of Object.entries(headers)) x.setRequestHeader(name, value);
			x.onloadend = done;
			x.send();
		});
		await measured(url);
	},
}`

// waitUntilMeasured defines measured(url), which resolves when the browser has so many entries of a URL.
const waitUntilMeasured = `window.measured = async (url, n = 1) => {
		while (performance.getEntriesByName(new URL(url, location.href).href).length < n) await new Promise((f) => setTimeout(f, 10));
	};`

func eventsOf(s ptrace.Span) map[string]float64 {
	times := map[string]float64{}
	for _, e := range s.Events().All() {
		times[e.Name()] = float64(e.Timestamp()-s.StartTimestamp()) / 1e6
	}
	return times
}

// A request's span has the times that the browser measured, and the size of the body. What the browser does not report is left out.
func TestTimesOfRequests(t *testing.T) {
	c := startCollector(t)
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "*")
		if strings.HasPrefix(r.URL.Path, "/told") {
			w.Header().Set("Timing-Allow-Origin", "*")
		}
		if r.Method == http.MethodOptions {
			return
		}
		_, _ = io.WriteString(w, "far")
	}))
	t.Cleanup(far.Close)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/redirect") {
			http.Redirect(w, r, "/api/behind", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "answer")
	}))
	t.Cleanup(service.Close)
	tb := openEmpty(t, servePage(t, service.URL), c.Address, `{ `+quiet+`, requests: true, propagateTo: ["`+far.URL+`"] }`)
	tb.run(waitUntilMeasured + `window.ask = ` + measuredRequests)
	for _, kind := range []string{"fetch", "xmlhttprequest"} {
		for path, size := range map[string]any{"/api/plain/": int64(6), "/api/fragment/": int64(6), "/api/redirect/": int64(6), far.URL + "/told/": int64(3), far.URL + "/hidden/": nil} {
			url := path + kind
			if path == "/api/fragment/" {
				url += "#here"
			}
			// The header makes the browser ask the other origin first.
			took := tb.await(`const s = m.startSpan("ask"), begin = performance.now();
				await s.run(() => ask.` + kind + `("` + url + `", { "x-mine": "1" }));
				s.end();
				await m.flushSpans();
				const [entry] = performance.getEntriesByName(new URL("` + url + `", location.href).href);
				return JSON.stringify(entry)`)
			var entry map[string]any
			require.NoError(t, json.Unmarshal([]byte(took), &entry))
			span := c.await("GET", "url.full", path+kind)
			assert.Equal(t, size, span.Attributes().AsRaw()["http.response.body.size"], url)
			events := eventsOf(span)
			want := []string{"fetchStart", "requestStart", "responseStart", "responseEnd"}
			if size == nil {
				want = []string{"fetchStart", "responseEnd"}
			} else if entry["connectEnd"].(float64) > entry["connectStart"].(float64) {
				want = append(want, "connectStart", "connectEnd")
			}
			for _, name := range want {
				if assert.Contains(t, events, name, url) {
					assert.InDelta(t, entry[name].(float64)-entry["responseEnd"].(float64), events[name]-events["responseEnd"], .01, "%s of %s", name, url)
				}
			}
			assert.Len(t, events, len(want), "%s: %v", url, events)
			assert.GreaterOrEqual(t, events["fetchStart"], -.11, "%s: the browser's clock has tenths of milliseconds", url)
		}
	}
}

// Requests to one URL at the same time have their own times and sizes, in whatever order the answers come.
func TestTimesOfParallelRequests(t *testing.T) {
	c := startCollector(t)
	const n = 5 // a browser has six connections to a server, and one is for what releases them
	var release [n]chan struct{}
	for i := range release {
		release[i] = make(chan struct{})
	}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if number, err := strconv.Atoi(r.Header.Get("X-Mine")); err == nil {
			<-release[number]
			time.Sleep(20 * time.Millisecond)
			_, _ = io.WriteString(w, strings.Repeat("x", 100+number))
		} else if number, err := strconv.Atoi(r.URL.Query().Get("release")); err == nil {
			close(release[number])
		}
	}))
	t.Cleanup(service.Close)
	tb := openEmpty(t, servePage(t, service.URL), c.Address, `{ `+quiet+`, requests: true, ignore: ["/api/release"] }`)
	tb.await(waitUntilMeasured + `
		const answers = Array.from({ length: ` + strconv.Itoa(n) + ` }, (_, i) => {
			const s = m.startSpan("ask " + i);
			return s.run(() => fetch("/api/same", { method: "POST", headers: { "x-mine": String(i) } })).then((r) => r.text()).then(() => s.end());
		});
		for (const i of [3, 0, 1, 4, 2]) {
			await fetch("/api/release?release=" + i);
			await answers[i];
		}
		await measured("/api/same", answers.length);
		await m.flushSpans()`)
	for i := range n {
		ask := c.await(fmt.Sprintf("ask %d", i), "", "")
		var found bool
		require.Eventually(t, func() bool {
			for _, s := range c.spans() {
				if s.ParentSpanID() == ask.SpanID() {
					found = true
					assert.Equal(t, int64(100+i), s.Attributes().AsRaw()["http.response.body.size"], i)
				}
			}
			return found
		}, patience, 30*time.Millisecond)
	}
}

// A page may make a request that the tracer does not see, with a fetch from before. Its times are nobody's.
func TestTimesOfARequestBesideTheTracer(t *testing.T) {
	c := startCollector(t)
	released := make(chan struct{})
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/release":
			close(released)
		case r.Header.Get("Traceparent") != "":
			<-released
			_, _ = io.WriteString(w, "traced")
		default:
			_, _ = io.WriteString(w, "not traced")
		}
	}))
	t.Cleanup(service.Close)
	tb := openTab(t, servePage(t, service.URL)+"/empty", 900, 600)
	tb.run(`window.untraced = window.fetch.bind(window)`)
	tb.start(c.Address, `{ `+quiet+`, requests: true }`)
	tb.await(waitUntilMeasured + `
		const traced = fetch("/api/same", { method: "POST" });
		await new Promise((f) => setTimeout(f, 50));
		await (await untraced("/api/same", { method: "POST" })).text();
		await measured("/api/same");
		await untraced("/api/release");
		await (await traced).text();
		await measured("/api/same", 2);
		await m.flushSpans()`)
	assert.Equal(t, int64(len("traced")), c.await("POST", "url.full", "/api/same").Attributes().AsRaw()["http.response.body.size"])
}

// A request whose body has not ended has no measured times yet. When the page is left, its span goes along, and it ended with the answer.
func TestPageIsLeftBeforeTheBodyEnds(t *testing.T) {
	c := startCollector(t)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("a part ", 1000))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(service.Close)
	address := servePage(t, service.URL)
	tb := openEmpty(t, address, c.Address, `{ `+quiet+`, requests: true }`)
	took := tb.await(`const begin = performance.now();
		window.response = await fetch("/api/endless");
		const took = performance.now() - begin;
		await new Promise((f) => setTimeout(f, 100));
		return took`)
	tb.do(chromedp.Navigate(address + "/away"))
	span := c.await("GET", "url.full", "/api/endless")
	assert.NotContains(t, span.Attributes().AsRaw(), "edgespan.page_left")
	assert.Empty(t, eventsOf(span))
	most, err := strconv.ParseFloat(took, 64)
	require.NoError(t, err)
	assert.LessOrEqual(t, float64(span.EndTimestamp()-span.StartTimestamp())/1e6, most+.2)
}

// Thousands of made-up requests to one URL, by a clock of whole milliseconds: none gets another's entry.
func TestTimesAreNeverAnothers(t *testing.T) {
	tb := openTab(t, servePage(t, "")+"/empty", 900, 600)
	outcome := tb.await(`
		const { timesBy } = await import("/edgespan/times.mjs");
		let seed = 1, clock = 0, tell;
		const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
		performance.now = () => clock;
		const times = timesBy({ watch: (_, fields, f) => { tell = f; return true }, tellAll() {} });
		const counts = { own: 0, none: 0, wrong: 0, waiting: 0 };
		for (let round = 0; round < 400; round++) {
			const todo = []; // by time
			const at = (time, f) => todo.push([time, todo.length, f]);
			const begin = clock;
			for (let i = 1 + random(6); i > 0; i--) {
				const kind = ["fetch", "xmlhttprequest"][random(2)], url = location.origin + "/" + random(2);
				const from = begin + random([3, 30, 300][round % 3]), moved = random(3) === 0, fails = random(8) === 0, unread = random(8) === 0;
				const to = from + random(2), startTime = moved ? to + random(40) : from + random(to - from + 1);
				const responseStart = startTime + random(200), responseEnd = responseStart + random(100);
				const over = (kind === "fetch" ? responseStart : responseEnd) + random(3);
				const entry = { name: url, initiatorType: kind, startTime, responseStart: random(4) ? responseStart : 0, responseEnd };
				let request;
				at(from, () => { request = times.begin(kind, url + "#x") });
				at(to, () => times.called(request));
				at(over, () => fails ? times.failed(request) : times.answered(request, moved, (e) => counts[e === entry ? "own" : e ? "wrong" : "none"]++));
				if (!unread) at(Math.max(over, responseEnd) + random(20), () => tell(entry));
			}
			for (const [time, , f] of todo.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
				clock = time;
				f();
			}
			if (round % 2) times.finishAll(); // else they wait on while the next round is on
			clock += 1;
		}
		times.finishAll();
		return JSON.stringify({ ...counts, waiting: times.waits() })`)
	var counts struct {
		Own, None, Wrong int
		Waiting          bool
	}
	require.NoError(t, json.Unmarshal([]byte(outcome), &counts))
	t.Log(outcome)
	assert.Zero(t, counts.Wrong)
	assert.Greater(t, counts.Own, counts.None)
	assert.False(t, counts.Waiting)

	// A page that makes more requests to a URL than the tracer looks at gets no times for them, and the next ones get theirs again.
	assert.Equal(t, "100 none, then own", tb.await(`
		const { timesBy } = await import("/edgespan/times.mjs?crowded");
		let tell, none = 0, later;
		performance.now = () => 10;
		const times = timesBy({ watch: (_, fields, f) => { tell = f; return true }, tellAll() {} });
		const entry = { name: "/x", initiatorType: "fetch", startTime: 10, responseStart: 10, responseEnd: 10 };
		const all = Array.from({ length: 100 }, () => { const r = times.begin("fetch", "/x"); times.called(r); return r });
		for (const r of all) { times.answered(r, false, (e) => { if (!e) none++ }); tell({ ...entry }) }
		const r = times.begin("fetch", "/x");
		times.called(r);
		times.answered(r, false, (e) => { later = e === entry ? "own" : "none" });
		tell(entry);
		return none + " none, then " + later`))
}
