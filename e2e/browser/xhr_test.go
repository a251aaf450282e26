package browser

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// xhrs are uses of XMLHttpRequest. Their outcome must be the same with a tracer, except for the traceparent.
const xhrs = `({
	"its own traceparent": async (x, over) => { x.open("GET", "/api/e?own"); x.setRequestHeader("TraceParent", "` + own + `"); x.send(); await over; return x.responseText },
	"one argument": async (x) => x.open("GET"),
	"no argument": async (x) => x.open(),
	"a symbol": async (x) => x.open("GET", Symbol()),
	"an object as address": async (x, over) => { let n = 0; x.open({ toString: () => "get" + (n++ || "") }, { toString: () => "/api/e?object" + n++ }); x.send(); await over; return x.responseText.slice(0, 30) + n },
	"sent twice": async (x, over) => { x.open("GET", "/api/e?double"); x.send(); let name; try { x.send() } catch (e) { name = e.name } await over; return name },
	"sent again when done": async (x, over) => { x.open("GET", "/api/e?again"); x.send(); await over; x.send() },
	"sent before it is open": async (x) => x.send(),
	"synchronous": async (x) => { x.open("GET", "/api/e?syncok", false); x.send(); return x.status },
	"synchronous and failing": async (x) => { x.open("GET", "http://127.0.0.1:1/api/break?sync", false); x.send() },
	"opened while under way": async (x, over) => {
		x.open("GET", "/api/slow?first"); x.send();
		await new Promise((f) => setTimeout(f, 100));
		x.open("GET", "/api/404?second"); x.send(); await over; return x.status },
	"opened while its body is under way": async (x, over) => {
		x.open("GET", "/api/404?part"); x.send();
		while (x.readyState < 2) await new Promise((f) => setTimeout(f, 10));
		x.open("GET", "/api/e?then"); x.send(); await over; return x.status },
	"opened with a bad address": async (x, over) => {
		x.open("GET", "/api/e?good"); try { x.open("GET", "http://[bad") } catch {} x.send(); await over; return x.responseURL.slice(-4) },
	"opened badly while under way": async (x, over) => {
		x.open("GET", "/api/e?way"); x.send(); try { x.open("GET", "http://[bad") } catch {} await over; return x.status },
	"opened anew as it ends": async (x, over) => new Promise((done) => {
		x.onreadystatechange = () => { if (x.readyState === 4) { x.onreadystatechange = null; x.onload = () => done(x.status); x.open("GET", "/api/e?next"); x.send() } };
		x.open("GET", "/api/404?ends"); x.send() }),
	"sent as it opens": async (x, over) => { x.onreadystatechange = () => { x.onreadystatechange = null; x.send() }; x.open("GET", "/api/e?opens"); await over; return x.status },
	"aborted": async (x, over) => { x.open("GET", "/api/slow?abort"); x.send(); setTimeout(() => x.abort(), 50); await over; return x.status },
	"a header that is none": async (x) => { x.open("GET", "/api/e"); x.setRequestHeader("traceparent") },
	"no request at all": async () => XMLHttpRequest.prototype.open.call({}, "GET", "/"),
})`

const own = "00-11111111111111111111111111111111-2222222222222222-01"

// A traced XMLHttpRequest sends exactly what the page asks for. Each one that was sent has one span, with its own outcome.
func TestXHRBehavesAsWithoutTracer(t *testing.T) {
	c := startCollector(t)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/slow":
			select {
			case <-r.Context().Done():
			case <-time.After(patience):
			}
		case "/api/404":
			w.WriteHeader(http.StatusNotFound)
			if r.URL.RawQuery == "part" {
				_, _ = io.WriteString(w, strings.Repeat("a part ", 1000)) // the browser buffers smaller amounts
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			}
		}
		_, _ = io.WriteString(w, r.Method+" "+r.URL.RequestURI())
		if traceparent := r.Header.Get("Traceparent"); strings.Contains(traceparent, own) {
			_, _ = io.WriteString(w, " "+traceparent)
		}
	}))
	t.Cleanup(service.Close)
	tb := openTab(t, servePage(t, service.URL)+"/empty", 900, 600)
	tb.run(`window.outcomes = async () => {
		const all = {};
		for (const [name, f] of Object.entries(` + xhrs + `)) {
			const x = new XMLHttpRequest(), over = new Promise((done) => x.addEventListener("loadend", done));
			try { all[name] = String(await f(x, over)) } catch (e) { all[name] = e.name }
		}
		return JSON.stringify(all);
	}`)
	want, got := tb.withoutAndWith(c)
	assert.Equal(t, want, got)
	assert.Equal(t, "GET /api/e?own "+own, got["its own traceparent"])
	assert.Equal(t, "NetworkError", got["synchronous and failing"])

	tb.await(`m.startSpan("last").end(); await m.flushSpans()`)
	c.await("last", "", "")
	var spans []string
	for _, s := range c.spans() {
		if attrs := s.Attributes().AsRaw(); attrs["url.full"] != nil {
			_, path, _ := strings.Cut(attrs["url.full"].(string), "/api/")
			spans = append(spans, fmt.Sprint(path, " ", attrs["http.response.status_code"], " ", attrs["error.type"]))
		}
	}
	sort.Strings(spans)
	assert.Equal(t, []string{
		"404?ends 404 404", "404?part 404 404", "404?second 404 404", "break?sync <nil> NetworkError", "e?again 200 <nil>", "e?double 200 <nil>", "e?good 200 <nil>", "e?next 200 <nil>",
		"e?object1 200 <nil>", "e?opens 200 <nil>", "e?own 200 <nil>", "e?syncok 200 <nil>", "e?then 200 <nil>", "e?way 200 <nil>", "slow?abort <nil> <nil>", "slow?first <nil> <nil>",
	}, spans)
}
