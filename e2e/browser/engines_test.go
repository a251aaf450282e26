package browser

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/edgespan/edgespan/internal/child"
)

// driven is a page in Firefox or WebKit. drive.mjs drives it.
type driven struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

// startEngine starts a browser. `make test-engines` installs what that needs.
func startEngine(t *testing.T, engine string) *driven {
	t.Helper()
	program, folder := os.Getenv(map[string]string{"firefox": "FIREFOX", "webkit": "WEBKIT_DRIVER"}[engine]), os.Getenv("WEBDRIVERS")
	if program == "" || folder == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s or its driver is missing, which CI needs: run make test-engines", engine)
		}
		t.Skipf("%s or its driver is missing: make test-engines installs both", engine)
	}
	args := []string{"node", "drive.mjs", engine, program, folder}
	if engine == "webkit" {
		args = append([]string{"xvfb-run", "--auto-servernum"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	child.EndWithParent(cmd)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	d := &driven{t, in, bufio.NewReader(out)}
	_, err = d.outcome()
	require.NoError(t, err)
	return d
}

func (d *driven) outcome() (value json.RawMessage, err error) {
	line, err := d.out.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var outcome struct {
		Value json.RawMessage
		Error string
	}
	if err := json.Unmarshal(line, &outcome); err != nil {
		return nil, err
	}
	if outcome.Error != "" {
		return nil, errors.New(outcome.Error)
	}
	return outcome.Value, nil
}

func (d *driven) call(name, argument string) (json.RawMessage, error) {
	line, err := json.Marshal([]string{name, argument})
	if err != nil {
		return nil, err
	}
	if _, err := d.in.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	return d.outcome()
}

func (d *driven) do(name, argument string) {
	d.t.Helper()
	_, err := d.call(name, argument)
	require.NoError(d.t, err, "%s %s", name, argument)
}

func (d *driven) text(js string) (text string) {
	d.t.Helper()
	value, err := d.call("value", "String("+js+")")
	require.NoError(d.t, err, js)
	require.NoError(d.t, json.Unmarshal(value, &text))
	return text
}

// wait waits until an expression is true, also where the page is on its way to another one.
func (d *driven) wait(js string) {
	d.t.Helper()
	var said string
	if !assert.Eventually(d.t, func() bool {
		value, err := d.call("value", "String("+js+")")
		said = fmt.Sprint(string(value), err)
		return err == nil && string(value) == `"true"`
	}, patience, 30*time.Millisecond) {
		d.t.Fatalf("this did not come true: %s: %s", js, said)
	}
}

// await runs JavaScript that may wait, in which m is the tracer's module, and returns what it returns as text.
func (d *driven) await(js string) string {
	d.t.Helper()
	d.text(`(window.answer = undefined, import("/edgespan/index.mjs").then(async (m) => {` + js + `}).then((v) => { window.answer = [v] }, (e) => { window.answer = [e] }), 0)`)
	d.wait(`window.answer !== undefined`)
	return d.text(`window.answer[0]`)
}

// navigation returns a time of the page's load.
func (d *driven) navigation(field string) (ms float64) {
	d.t.Helper()
	require.NoError(d.t, json.Unmarshal([]byte(d.text(`performance.getEntriesByType("navigation")[0].`+field)), &ms))
	return ms
}

func TestEngines(t *testing.T) {
	for _, engine := range []string{"firefox", "webkit"} {
		t.Run(engine, func(t *testing.T) { testEngine(t, startEngine(t, engine)) })
	}
	t.Run("none", testDriverWithoutBrowser)
}

// testDriverWithoutBrowser has a driver that starts no browser. It must not outlive drive.mjs.
func testDriverWithoutBrowser(t *testing.T) {
	folder := os.Getenv("WEBDRIVERS")
	if folder == "" {
		t.Skip("make test-engines installs what this needs")
	}
	driver := filepath.Join(t.TempDir(), "driver.cjs")
	require.NoError(t, os.WriteFile(driver, []byte(`#!/usr/bin/env node
const port = process.argv[2].split("=")[1];
require("node:fs").writeFileSync(__filename + ".port", port);
require("node:http").createServer((request, response) => {
	response.statusCode = request.url === "/status" ? 200 : 500;
	response.end("{}");
}).listen(Number(port), "127.0.0.1")`), 0o700))
	cmd := exec.Command("node", "drive.mjs", "webkit", driver, folder)
	cmd.Stderr = os.Stderr
	require.Error(t, cmd.Run())
	port, err := os.ReadFile(driver + ".port")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+string(port))
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, patience, 30*time.Millisecond)
}

// testEngine goes the way of a visitor: the page loads, is clicked, makes requests, fails, outlives a Collector that is down, and is left.
func testEngine(t *testing.T, d *driven) {
	c := startCollector(t)
	same, _ := echo(t) // /api/ of the page's own origin
	far, _ := echo(t)
	over := make(chan struct{})
	hang := func(r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}
	page := servePageTo(t, same, policy, func(mux *http.ServeMux) {
		mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("a part ", 1000))
			_ = http.NewResponseController(w).Flush()
			hang(r)
		})
		mux.HandleFunc("/late", func(_ http.ResponseWriter, r *http.Request) { hang(r) })
	})
	t.Cleanup(func() { close(over) }) // before the server waits for its requests
	d.do("open", page+"/?token=hush&collector=http://"+c.Address)
	d.wait(`document.documentElement.dataset.traced === "yes" && document.readyState === "complete"`)
	d.await(`await m.flushSpans()`)

	load := c.await("page load", "", "")
	full, _ := load.Attributes().Get("url.full")
	assert.Contains(t, full.Str(), "token=REDACTED")
	assert.WithinDuration(t, time.Now(), load.StartTimestamp().AsTime(), patience)
	for name, begins := range map[string]string{"request": "requestStart", "response": "responseStart", "dom": "responseEnd", "load": "loadEventStart"} {
		if d.navigation(begins) == 0 { // within the first millisecond, of which these browsers tell no part
			continue
		}
		assert.Equal(t, load.SpanID(), c.await(name, "", "").ParentSpanID(), name)
		assert.Contains(t, load.Attributes().AsRaw(), "edgespan.navigation."+name+"_ms")
	}
	style := c.await("resource", "url.full", "style.css")
	assert.Equal(t, load.SpanID(), style.ParentSpanID())
	assert.Contains(t, style.Attributes().AsRaw(), "http.response.body.size")

	d.do("click", "#break")
	d.await(`await m.flushSpans()`)
	click, failed := c.await("click", "edgespan.element.id", "break"), c.await("uncaught error", "", "")
	assert.Equal(t, click.SpanID(), failed.ParentSpanID())
	assert.Equal(t, "the example's own error", failed.Events().At(0).Attributes().AsRaw()["exception.message"])
	assert.Contains(t, failed.Events().At(0).Attributes().AsRaw()["exception.stacktrace"], "/main.mjs:")

	d.await(`history.pushState({}, "", "/elsewhere"); await new Promise((f) => setTimeout(f, 1500)); await m.flushSpans()`)
	assert.Equal(t, page+"/elsewhere", c.await("route change", "edgespan.navigation.type", "push").Attributes().AsRaw()["url.full"])

	testRequestsOfEngine(t, d, c, far)
	assert.Equal(t, "true", d.await(`return m.stats().running`))
	testLeaving(t, d, c, page)
}

func testRequestsOfEngine(t *testing.T, d *driven, c *collector, far string) {
	t.Helper()
	traceparent, _, _ := strings.Cut(d.await(waitUntilMeasured+`
		const text = await (await fetch("/api/fetched")).text();
		await (await fetch("`+far+`/fetched", { headers: { "x-mine": "1" } })).text(); // which the browser asks for first
		for (const url of ["/api/fetched", "`+far+`/fetched"]) await measured(url);
		await m.flushSpans();
		return text`), "|")
	fetched := c.await("GET", "url.full", "/api/fetched")
	assert.Equal(t, "00-"+fetched.TraceID().String()+"-"+fetched.SpanID().String()+"-03", traceparent)
	assert.Equal(t, int64(len(traceparent+"|")), fetched.Attributes().AsRaw()["http.response.body.size"])
	for _, name := range []string{"fetchStart", "requestStart", "responseStart", "responseEnd"} {
		assert.Contains(t, eventsOf(fetched), name)
	}
	assert.Contains(t, eventsOf(c.await("GET", "url.full", far+"/fetched")), "fetchStart")

	// A span tells of its own outcome, also where a listener sends the object again before the browser is done with its events.
	assert.Equal(t, "200", d.await(`return new Promise((done) => {
		const x = new XMLHttpRequest();
		x.onreadystatechange = () => { if (x.readyState === 4) { x.onreadystatechange = null; x.onload = () => { if (x.readyState === 4) done(x.status) }; x.open("GET", "/api/next"); x.send() } };
		x.open("GET", "/api/500");
		x.send();
	})`))
	// An abort in the middle of a body reaches the page also when only the reader of the body has not been garbage-collected.
	assert.Equal(t, "aborted", d.await(`const control = new AbortController();
		const reader = (await fetch("/endless", { signal: control.signal })).body.getReader();
		for (let n = 0; n < 7000; ) n += (await reader.read()).value.length;
		for (let i = 0; i < 60; i++) { // until the garbage is collected
			window.garbage = Array.from({ length: 100_000 }, (_, i) => ({ i }));
			await new Promise((f) => setTimeout(f, 20));
		}
		const next = reader.read().then(() => "read", () => "aborted");
		control.abort();
		return next`))
	// WebKit's fetch rejects with an AbortError whatever the signal's reason is.
	d.await(`await fetch("/late", { signal: AbortSignal.timeout(10) }).catch(() => {});
		const control = new AbortController();
		control.abort("moved on");
		await fetch("/api/stopped", { signal: control.signal }).catch(() => {});
		await fetch("` + far + `/refused", { mode: "same-origin" }).catch(() => {});
		await m.flushSpans()`)
	for path, want := range map[string]any{"/api/500": "500", "/api/next": nil, "/late": "TimeoutError", "/api/stopped": nil, "/refused": "TypeError"} {
		s := c.await("GET", "url.full", path)
		assert.Equal(t, want, s.Attributes().AsRaw()["error.type"], path)
		assert.Equal(t, want != nil, s.Status().Code() == ptrace.StatusCodeError, path)
	}
}

func testLeaving(t *testing.T, d *driven, c *collector, page string) {
	t.Helper()
	// While the Collector is down, spans wait in localStorage, beyond the page.
	c.Stop()
	d.await(`for (let i = 0; i < 3; i++) m.startSpan("kept").end(); await m.flushSpans()`)
	d.wait(`(` + parked + `).includes('"kept"')`)
	c.start(t.TempDir(), c.Address)
	d.do("open", page+"/?collector=http://"+c.Address)
	d.wait(`document.documentElement.dataset.traced === "yes" && document.readyState === "complete"`)
	d.wait(`(` + parked + `) === ""`)
	assert.Eventually(t, func() bool { return c.named("kept") == 3 }, patience, 30*time.Millisecond)

	// What is open when the page is left ends there, and what the browser knows of the page's vitals comes.
	d.await(`m.startSpan("open")`)
	d.do("click", "h1")
	d.wait(`performance.getEntriesByType("paint").length > 0`)
	told := d.text(`PerformanceObserver.supportedEntryTypes`)
	if strings.Contains(told, "first-input") { // a browser that is busy reports it late, and not after the page has gone
		d.await(`return new Promise((resolve) => new PerformanceObserver(resolve).observe({ type: "first-input", buffered: true }))`)
	}
	answered := d.navigation("responseStart")
	d.do("open", page+"/away")
	c.await("open", "edgespan.page_left", "true")
	vitals := c.await("web vitals", "url.full", "/?collector").Attributes().AsRaw()
	assert.Equal(t, answered > 0, vitals["edgespan.web_vital.ttfb"] != nil)
	for name, kind := range map[string]string{"fcp": "paint", "lcp": "largest-contentful-paint", "cls": "layout-shift", "inp": "first-input"} {
		_, ok := vitals["edgespan.web_vital."+name]
		assert.Equal(t, strings.Contains(told, kind), ok, "%s with %s", name, told)
	}
}
