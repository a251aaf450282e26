package browser

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// quiet turns all automatic tracing off. Options after it override it.
const quiet = `pageLoad: false, resources: false, clicks: false, longTasks: false, webVitals: false, errors: false, routeChanges: false, requests: false`

func TestSpans(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ serviceName: "shop", serviceVersion: "7", `+quiet+` }`)
	assert.Empty(t, tb.text(throwing))
	assert.Equal(t, "true", tb.text(`m.stats().running`))
	assert.Equal(t, "true", tb.await(`
		const again = m.initTracer("http://nowhere.example");            // the first one counts
		const span = m.startSpan("work", { kind: "producer", startTime: 100, attributes: { s: "x", i: 7, f: 1.5, b: false, l: ["a", 2] } });
		const event = { n: 1, f() {} };
		const chained = span.setAttribute("none", null).setAttribute("nan", NaN).setAttribute("object", {}).setAttribute("i", 8)
			.addEvent("half", event).setStatus("nonsense").setStatus("error", "no luck").setStatus("error") === span;
		event.n = 2;                                                     // what was recorded does not change
		const before = span.toJSON();
		before.attributes.s = "y";
		const running = span.durationMs;
		const odd = Object.create(null);                                 // String(odd) throws
		const strange = m.startSpan(odd, null).setAttribute(odd, [odd]).addEvent(odd, null).setStatus("error", odd);
		strange.end("late");
		const times = m.recordSpan("odd", NaN, {}, null).durationMs;
		if (!(strange.durationMs >= 0 && strange.durationMs < 1e4 && times >= 0 && times < 1e4)) return "strange times";
		span.end(150);
		span.end(900);
		span.setAttribute("late", 1).addEvent("late").setStatus("ok");
		const child = m.startSpan("child", { parent: span });            // an ended span may have children
		child.setStatus("ok").setStatus("error", "too late");
		child.end();
		const past = m.recordSpan("past", 10, 30, { parent: child, attributes: { n: 1 } });
		window.json = JSON.stringify([span, child, past]);
		window.past = past.durationMs;
		await again;
		await m.flushSpans();
		return chained && running > 0 && before.endTime === undefined && span.durationMs === 50;
	`))
	var spans []struct {
		Name, Kind, TraceID, SpanID, ParentSpanID string
		Sampled                                   bool
		StartTime, EndTime, DurationMs            float64
		Attributes                                map[string]any
		Events                                    []struct {
			Name       string
			Attributes map[string]any
		}
		Status struct{ Code, Message string }
	}
	require.NoError(t, json.Unmarshal([]byte(tb.text(`window.json`)), &spans))
	require.Len(t, spans, 3)
	work, child, past := spans[0], spans[1], spans[2]
	assert.Equal(t, map[string]any{"s": "x", "i": 8., "f": 1.5, "b": false, "l": []any{"a", "2"}}, work.Attributes)
	assert.Equal(t, map[string]any{"n": 1.}, work.Events[0].Attributes)
	assert.Equal(t, "error no luck", work.Status.Code+" "+work.Status.Message)
	assert.Equal(t, "ok ", child.Status.Code+" "+child.Status.Message)
	assert.Equal(t, "producer", work.Kind)
	assert.True(t, work.Sampled)
	assert.Equal(t, 50., work.DurationMs)
	assert.Equal(t, "20", tb.text(`window.past`))

	// The Collector has the same ids.
	for _, s := range spans {
		got := c.await(s.Name, "", "")
		assert.Equal(t, s.TraceID, got.TraceID().String())
		assert.Equal(t, s.SpanID, got.SpanID().String())
		assert.Equal(t, s.ParentSpanID, got.ParentSpanID().String(), s.Name)
		assert.InDelta(t, s.DurationMs, float64(got.EndTimestamp()-got.StartTimestamp())/1e6, .01)
	}
	assert.Equal(t, work.SpanID, child.ParentSpanID)
	assert.Equal(t, child.SpanID, past.ParentSpanID)
	got := c.await("work", "", "")
	assert.Equal(t, map[string]any{"s": "x", "i": int64(8), "f": 1.5, "b": false, "l": []any{"a", "2"}}, got.Attributes().AsRaw())
	assert.Equal(t, ptrace.SpanKindProducer, got.Kind())
	assert.Equal(t, 1, got.Events().Len())
	assert.Equal(t, "no luck", got.Status().Message())
	assert.Equal(t, ptrace.StatusCodeOk, c.await("child", "", "").Status().Code())
	resource := c.traces()[0].ResourceSpans().At(0).Resource().Attributes().AsRaw()
	assert.Equal(t, "shop", resource["service.name"])
	assert.Equal(t, "7", resource["service.version"])
	assert.Equal(t, "webjs", resource["telemetry.sdk.language"])
	assert.Contains(t, resource["user_agent.original"], "Chrome")
	tb.checkQuiet("http://127.0.0.1")
}

// hostile are calls with values that throw whenever they are used. The calls must not throw.
const hostile = `({
	attribute: () => m.startSpan("x", { attributes: { get a() { throw 1 }, b: 2 } }).end(),
	attributes: () => m.startSpan("x", { get attributes() { throw 1 } }).end(),
	parent: () => m.startSpan("x", { get parent() { throw 1 } }).end(),
	kind: () => m.startSpan("x", { get kind() { throw 1 }, get startTime() { throw 1 } }).end(),
	options: () => m.startSpan("x", new Proxy({}, { get() { throw 1 }, ownKeys() { throw 1 } })).end(),
	recorded: () => m.recordSpan("x", 0, 1, { get parent() { throw 1 }, get a() { throw 1 } }),
	event: () => m.startSpan("x").addEvent("x", { get y() { throw 1 } }).end(),
	keys: () => m.startSpan("x").addEvent("x", new Proxy({}, { ownKeys() { throw 1 } })).end(),
	list: () => m.startSpan("x").setAttribute("p", new Proxy([1], { get() { throw 1 } })).end(),
	revoked: () => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); m.startSpan("x", { parent: proxy, attributes: proxy }).setAttribute("p", proxy).addEvent("e", proxy).end() },
	item: () => m.startSpan("x").setAttribute("p", [{ toString() { throw 1 } }]).end(),
	name: () => m.startSpan({ toString() { throw 1 } }).setAttribute({ toString() { throw 1 } }, 1).setStatus("error", { toString() { throw 1 } }).end(),
	symbol: () => m.startSpan(Symbol("x")).addEvent(Symbol("x")).setStatus(Symbol("x")).end(Symbol("x")),
	parentless: () => m.startSpan("x", { parent: { traceparent: 1 } }).end(),
	times: () => m.recordSpan("x", -1e300, 1e300),
})`

const throwing = `(() => { const bad = []; for (const [name, f] of Object.entries(` + hostile + `)) try { f() } catch (e) { bad.push(name + ": " + e) } return bad.join() })()`

// Before initTracer has finished, and if it fails, the API does nothing and does not throw.
func TestSpansWithoutATracer(t *testing.T) {
	page := servePageWith(t, "", "default-src 'self'; connect-src 'self' http://127.0.0.1:*") // no wasm may be compiled
	tb := openTab(t, page+"/empty", 900, 600)
	assert.Equal(t, "7", tb.await(`
		window.m = await import("/edgespan/index.mjs");
		const span = m.startSpan("early", { attributes: { n: 1 } }).addEvent("e");
		span.run((s) => s.setAttribute("m", 2));
		m.recordSpan("past", 0, 1).end();
		span.end();
		await m.flushSpans();
		const odd = Object.create(null);                                 // String(odd) throws
		m.startSpan(odd, null).setAttribute(odd, [odd]).addEvent(odd, null).setStatus("error", odd).end("late");
		m.recordSpan("odd", NaN, {}, null);
		if (`+throwing+` !== "" || m.stats().running) return `+throwing+`;
		if (span.traceparent !== "" || m.stats().held !== 0 || span.toJSON().sampled) return "recorded";
		return span.toJSON().attributes.n + span.toJSON().attributes.m * 3;
	`))
	assert.Contains(t, tb.await(`await m.initTracer("http://127.0.0.1:1")`), "CompileError", "the policy forbids WebAssembly")
	assert.Contains(t, tb.await(`await m.initTracer("http://127.0.0.1:1", { wasmURL: "/no-such.wasm" })`), "no wasm at /no-such.wasm (404). Serve edgespan.wasm there, or set wasmURL", "and it may be tried again")
	assert.Contains(t, tb.await(`await m.initTracer("http://127.0.0.1:1", { wasmURL: "/" })`), "no wasm at / (a page of HTML)")
	assert.Contains(t, tb.await(`await m.initTracer("http://[")`), "Invalid URL")
	assert.Equal(t, "200", tb.await(`return (await fetch("/away")).status`), "the page goes on")
}

// The tracer does not change the page's globals: it adds none, and does not use the page's own in place of the runtime's.
func TestPageGlobalsAreUnchanged(t *testing.T) {
	c := startCollector(t)
	address := servePage(t, "")
	for name, before := range map[string]string{
		"none of these": ``,
		"all of these": `Object.assign(window, { Go: class {}, process: { env: { mine: 1 } }, fs: { mine: 1 }, path: { mine: 1 }, global: { mine: 1 }, module: { mine: 1 },
			require() { throw new Error("the page's") }, __edgespan_ready() { throw new Error("the page's") } }); require.main = module`,
	} {
		tb := openTab(t, address+"/empty", 900, 600)
		tb.run(before + `; window.globals = () => Object.getOwnPropertyNames(window).map((name) => name + ": " + (/^(Go|process|fs|path|global|module|require)$/.test(name) ? JSON.stringify(window[name]) : typeof window[name])).sort().join();
			window.m = window.answer = undefined; window.kept = ""; window.kept = globals()`)
		tb.await(`const m = await import("/edgespan/index.mjs"); await m.initTracer("http://` + c.Address + `", { ` + quiet + ` }); m.startSpan("` + name + `").end(); await m.flushSpans()`)
		assert.Equal(t, tb.text(`kept`), tb.text(`(window.answer = undefined, globals())`), name)
		c.await(name, "", "")
		tb.checkQuiet("http://127.0.0.1")
	}
}

// initTracer either resolves with a working tracer, or rejects and may be called again.
func TestInitTracerReportsFailure(t *testing.T) {
	c := startCollector(t)
	tb := openTab(t, servePage(t, "")+"/empty", 900, 600)
	tb.run(`window.native = fetch`)
	const try = `window.m = await import("/edgespan/index.mjs"); return m.initTracer("http://%s", %s).then(() => "ok", String).then((told) => told + " " + m.stats().running + " " + (fetch === native))`
	assert.Equal(t, "TypeError: edgespan: sampleRatio is a number from 0 to 1, and not many false true", tb.await(fmt.Sprintf(try, c.Address, `{ sampleRatio: "many" }`)))
	tb.run(`performance.now = () => undefined`) // the tracer cannot work without it
	assert.Regexp(t, `^\w*Error: .* false true$`, tb.await(fmt.Sprintf(try, c.Address, `{}`)))
	tb.run(`delete performance.now`)
	assert.Equal(t, "ok true false", tb.await(fmt.Sprintf(try, c.Address, `{ sampleRatio: "1.0" }`)))
	tb.await(`m.startSpan("after all").end(); await m.flushSpans()`)
	c.await("after all", "", "")
	assert.Equal(t, 1.0, c.resourceOf("after all")["edgespan.session.sample_ratio"])
}

// A parent that is named explicitly is used, no matter how many spans have ended since it did. So is a span whose run has not
// returned.
func TestParentsThatEndedLongAgo(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+`, errors: true }`)
	told := tb.await(`
		const parent = m.startSpan("parent"), before = m.startSpan("before", { parent });
		parent.end();
		for (let i = 0; i < 300; i++) m.startSpan("many").end();
		const outer = m.startSpan("outer");
		outer.run(() => {
			m.startSpan("child", { parent }).end();
			parent.run(() => {
				m.startSpan("in its run").end();
				dispatchEvent(new ErrorEvent("error", { message: "in its run" }));
			});
			m.startSpan("in outer").end();
		});
		outer.end(); before.end();
		const child = m.startSpan("told", { parent }).toJSON();
		await m.flushSpans();
		return [child.traceId === parent.toJSON().traceId, child.parentSpanId === parent.toJSON().spanId].join(" ")`)
	assert.Equal(t, "true true", told)
	parent, outer := c.await("parent", "", ""), c.await("outer", "", "")
	for _, name := range []string{"before", "child", "in its run", "uncaught error"} {
		s := c.await(name, "", "")
		assert.Equal(t, parent.SpanID(), s.ParentSpanID(), name)
		assert.Equal(t, parent.TraceID(), s.TraceID(), name)
	}
	assert.Equal(t, outer.SpanID(), c.await("in outer", "", "").ParentSpanID())
}

// Numbers keep their values. Integers up to 2^53 are sent as integers, all others as floating-point numbers.
func TestNumbers(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+` }`)
	tb.await(`m.startSpan("numbers", { attributes: { small: -7, time: 1795697446064, least: -(2 ** 53), most: 2 ** 53, more: 2 ** 60, part: 0.5, large: 1e300 } }).end(); await m.flushSpans()`)
	assert.Equal(t, map[string]any{
		"small": int64(-7), "time": int64(1795697446064), "least": int64(-1 << 53), "most": int64(1 << 53), "more": float64(1 << 60), "part": .5, "large": 1e300,
	}, c.await("numbers", "", "").Attributes().AsRaw())
}

// A span that lasts as long as the page, and gets events and attributes all the time, has a bounded size.
func TestSpansAreBounded(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, `{ `+quiet+` }`)
	assert.Equal(t, "128 128 again e127 true", tb.await(`
		const span = m.startSpan("session");
		for (let i = 0; i < 1000; i++) span.addEvent("e" + i).setAttribute("k" + i, i);
		span.setAttribute("k7", "again").setAttribute("k500", "new").end();
		await m.flushSpans();
		const { events, attributes } = span.toJSON();
		return [events.length, Object.keys(attributes).length, attributes.k7, events.at(-1).name, m.stats().running].join(" ")`))
}
