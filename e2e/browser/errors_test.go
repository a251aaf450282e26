package browser

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Errors that the page does not catch become spans with an exception event, whatever was thrown. Errors that are caught and
// resources that could not be loaded do not.
func TestErrors(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+`, errors: true }`)
	for _, js := range []string{
		`throw new RangeError("thrown")`, `throw "a string"`, `throw null`,
		`Promise.reject(new TypeError("rejected"))`, `Promise.reject("a reason")`, `Promise.reject()`,
		`try { throw new Error("caught") } catch {}`, `Promise.reject(new Error("handled")).catch(() => {})`, `new Image().src = "/no-such-image"`,
	} {
		tb.run(`setTimeout(() => { ` + js + ` })`)
	}
	tb.await(`await new Promise((f) => setTimeout(f, 300)); m.startSpan("last").end(); await m.flushSpans()`)
	c.await("last", "", "")
	var got []string
	for _, s := range c.spans() {
		if s.Name() != "uncaught error" {
			continue
		}
		assert.Equal(t, ptrace.StatusCodeError, s.Status().Code())
		assert.Equal(t, "exception", s.Events().At(0).Name())
		attrs := s.Events().At(0).Attributes().AsRaw()
		assert.Equal(t, attrs["exception.type"], s.Attributes().AsRaw()["error.type"])
		got = append(got, attrs["exception.type"].(string)+": "+attrs["exception.message"].(string))
		if _, ok := attrs["exception.stacktrace"]; attrs["exception.type"] != "Error" {
			assert.True(t, ok, attrs)
		}
	}
	assert.ElementsMatch(t, []string{
		"RangeError: thrown", "Error: a string", "Error: Uncaught null",
		"TypeError: rejected", "Error: a reason", "Error: unhandled rejection",
	}, got)
}

// A value that throws whenever it is used does no harm, neither as an error nor as the target of a click.
func TestHostileValues(t *testing.T) {
	c := startCollector(t)
	options := strings.NewReplacer("errors: false", "errors: true", "clicks: false", "clicks: true").Replace(`{ ` + quiet + ` }`)
	tb := openEmpty(t, servePage(t, ""), c.Address, options)
	tb.run(`window.hostile = new Proxy({}, { get() { throw new Error("no") }, has() { throw new Error("no") }, getPrototypeOf() { throw new Error("no") } });
		window.onerror = () => true;
		Object.defineProperty(document.querySelector("#b"), "tagName", { get() { throw new Error("no") } });
		Object.defineProperty(document.querySelector("#p"), "id", { get() { throw new Error("no") } });`)
	for range 4 {
		tb.await(`for (let i = 0; i < 500; i++) {
				Promise.reject(hostile);
				dispatchEvent(new ErrorEvent("error", { message: "m", error: hostile }));
				dispatchEvent(Object.defineProperty(new ErrorEvent("error"), "message", { get() { throw 1 } }));
				document.querySelector("#b").click();
				document.querySelector("#p").click();
			}
			await new Promise((f) => setTimeout(f, 100)); await m.flushSpans()`)
	}
	assert.Equal(t, "true 55", tb.await(`const s = m.startSpan("after"); s.end(); await m.flushSpans(); return m.stats().running + " " + s.traceparent.length`))
	c.await("after", "", "")
	c.await("uncaught error", "", "")
	c.await("click", "edgespan.element.name", "p")
}

// If the tracer itself fails, it stops and reports that. The page continues, and the spans that were waiting are sent.
func TestTracerThatFails(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openTab(t, address+"/away", 900, 600)
	tb.before(`const start = WebAssembly.instantiateStreaming;
		WebAssembly.instantiateStreaming = async (...args) => {
			const { instance } = await start(...args);
			const exports = { ...instance.exports };
			for (const name of ["resume", "go_scheduler"]) if (exports[name]) exports[name] = (...a) => {
				if (window.broken) throw new WebAssembly.RuntimeError("memory access out of bounds");
				return instance.exports[name](...a);
			};
			return { instance: Object.create(WebAssembly.Instance.prototype, { exports: { value: exports } }) };
		}`)
	tb.do(chromedp.Navigate(address + "/empty"))
	tb.start(c.Address, `{ resources: false }`)
	assert.Equal(t, "true", tb.await(`m.startSpan("before").end(); return m.stats().running`))
	tb.run(`window.broken = true; window.uncaught = 0; addEventListener("error", () => window.uncaught++)`)
	tb.do(chromedp.Click("#b"))
	assert.Equal(t, "false 0 200", tb.await(`
		const span = m.startSpan("dead", { attributes: { n: 1 } }).setAttribute("a", 1).addEvent("e").setStatus("ok");
		span.run(() => m.recordSpan("dead", 0, 1)).end();
		span.end();
		const { status } = await fetch("/away");
		await m.flushSpans();
		return m.stats().running + " " + window.uncaught + " " + status`))
	c.await("before", "", "")
	tb.do(chromedp.Navigate(address + "/away"))
	assert.Zero(t, c.named("dead"))
	tb.checkQuiet("http://127.0.0.1")
}

// URLs in the messages and stacks of errors are redacted like other URLs.
func TestErrorsContainNoSecrets(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	tb := openEmpty(t, address, c.Address, `{ redact: ["mine"], `+quiet+`, errors: true }`)
	tb.run(`setTimeout(function named() { throw new Error("GET https://me:s3cret@a.example/x?api_key=s3cret&n=1#s3cret failed, '/p?mine=s3cret'; (see blob:s3cret)? //me:s3cret@h.example/x, /p?pin=s3cret:4711 and /p?a=1;sid=s3cret;s3cret&Mi_ne[]=s3cret postgres://u:s3cret@db/x") })
//# sourceURL=` + address + `/page.html?token=s3cret&x=1
`)
	tb.run(`setTimeout(() => { Promise.reject("from /p?x=(1)&token=s3cret&y=2") })
//# sourceURL=` + address + `/page.html?x=1&token=s3cret
`)
	tb.await(`await new Promise((f) => setTimeout(f, 200)); await m.flushSpans()`)
	c.await("uncaught error", "", "")
	var messages, stacks []string
	for _, s := range c.spans() {
		attrs := s.Events().At(0).Attributes().AsRaw()
		messages = append(messages, attrs["exception.message"].(string))
		if stack, ok := attrs["exception.stacktrace"].(string); ok {
			stacks = append(stacks, stack)
		}
	}
	assert.ElementsMatch(t, []string{
		"GET https://REDACTED:REDACTED@a.example/x?api_key=REDACTED&n=1 failed, '/p?mine=REDACTED'; (see blob: //REDACTED:REDACTED@h.example/x, /p?pin=REDACTED and /p?a=1;sid=REDACTED&Mi_ne[]=REDACTED postgres://REDACTED:REDACTED@db/x",
		"from /p?x=(1)&token=REDACTED&y=2",
	}, messages)
	assert.Len(t, stacks, 1)
	assert.Regexp(t, regexp.QuoteMeta(address)+`/page\.html\?token=REDACTED&x=1:\d+:\d+`, stacks[0])
	assert.NotContains(t, stacks[0], "s3cret")
}

// A click on a label dispatches another click on its input before it ends. Spans that start later are children of neither.
func TestClickOnALabel(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+`, clicks: true }`)
	tb.run(`document.querySelector("#p").insertAdjacentHTML("beforeend", '<label id="l">text <input id="i" type="checkbox"></label>')`)
	tb.run(`document.querySelector("#i").addEventListener("click", () => m.startSpan("in the handler").end())`)
	tb.run(`document.querySelector("#l").click()`)
	tb.await(`await new Promise((f) => setTimeout(f, 200)); m.startSpan("after").end(); await m.flushSpans()`)
	label, input := c.await("click", "edgespan.element.id", "l"), c.await("click", "edgespan.element.id", "i")
	assert.NotEqual(t, label.TraceID(), input.TraceID())
	assert.Contains(t, []any{label.SpanID(), input.SpanID()}, c.await("in the handler", "", "").ParentSpanID())
	assert.True(t, c.await("after", "", "").ParentSpanID().IsEmpty(), "both clicks are over")
}

// The innermost of page load, clicks and runs is the parent, and only as long as it lasts.
func TestNesting(t *testing.T) {
	c := startCollector(t)
	options := `{ ` + quiet + `, clicks: true, pageLoad: true }`
	tb := openEmpty(t, servePage(t, ""), c.Address, options)
	tb.wait(`(m.flushSpans(), performance.getEntriesByType("navigation")[0].loadEventEnd > 0)`)
	c.await("page load", "", "")
	tb.run(`const record = (name) => m.recordSpan(name, 0, 1);
		const p = document.querySelector("#p"), b = document.querySelector("#b");
		b.addEventListener("click", (e) => { e.stopPropagation(); record("in the inner click") });
		p.addEventListener("click", () => {
			record("in the click");
			m.startSpan("outer").run((outer) => {
				try { m.startSpan("inner").run((inner) => { b.click(); inner.end(); throw 1 }) } catch {}
				record("in outer");
				outer.end();
			});
			record("in the click again");
		});
		p.click()`)
	tb.await(`await new Promise((f) => setTimeout(f, 200)); m.startSpan("after").end(); await m.flushSpans()`)
	outerClick, innerClick := c.await("click", "edgespan.element.id", "p"), c.await("click", "edgespan.element.id", "b")
	outer := c.await("outer", "", "")
	for name, parent := range map[string]pcommon.SpanID{
		"in the click": outerClick.SpanID(), "outer": outerClick.SpanID(), "inner": outer.SpanID(), "in the inner click": innerClick.SpanID(),
		"in outer": outer.SpanID(), "in the click again": outerClick.SpanID(), "after": {},
	} {
		assert.Equal(t, parent, c.await(name, "", "").ParentSpanID(), name)
	}
}

// A click's span names the element, but contains neither its text nor its value. It is the parent of what starts soon after it.
func TestClicksContainNoText(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+`, clicks: true }`)
	tb.run(`document.querySelector("#p").insertAdjacentHTML("beforeend", '<input id="i" value="secret" title="secret">')`)
	tb.run(`document.querySelector("#b").addEventListener("click", () => { m.startSpan("in the handler").end(); setTimeout(() => m.startSpan("soon").end(), 50); setTimeout(() => { m.startSpan("later").end(); window.late = true }, 500) })`)
	tb.do(chromedp.Click("#b"))
	tb.wait(`window.late`) // otherwise it may come while the other click is handled
	tb.do(chromedp.Click("#i"))
	tb.await(`await new Promise((f) => setTimeout(f, 200)); await m.flushSpans()`)
	button, input := c.await("click", "edgespan.element.id", "b"), c.await("click", "edgespan.element.id", "i")
	assert.NotEqual(t, button.TraceID(), input.TraceID())
	url, _ := input.Attributes().Get("url.full")
	assert.Equal(t, map[string]any{"url.full": url.Str(), "edgespan.element.name": "input", "edgespan.element.id": "i"}, input.Attributes().AsRaw())
	assert.Equal(t, button.SpanID(), c.await("in the handler", "", "").ParentSpanID())
	assert.Equal(t, button.SpanID(), c.await("soon", "", "").ParentSpanID())
	assert.True(t, c.await("later", "", "").ParentSpanID().IsEmpty(), "it is not a child of the click")
}

// A library may let the timers of a page come in another order.
func TestTimersInAnotherOrder(t *testing.T) {
	c := startCollector(t)
	tb := openTab(t, servePage(t, "")+"/away", 900, 600)
	tb.before(`{ const own = setTimeout; window.setTimeout = (f, ms, ...args) => own(f, ms || 400, ...args) }`)
	tb.run(`location.href = "/empty"`)
	tb.wait(`document.querySelector("#b")`)
	tb.start(c.Address, `{ `+quiet+`, clicks: true }`)
	tb.await(`const b = document.querySelector("#b"), later = (ms) => new Promise((f) => setTimeout(f, ms));
		b.click(); await later(200); b.click(); await later(700); await m.flushSpans()`)
	assert.Equal(t, "true", tb.text(`m.stats().running`))
	assert.Eventually(t, func() bool { return c.named("click") == 2 }, patience, 50*time.Millisecond)
}
