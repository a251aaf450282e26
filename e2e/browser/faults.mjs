// Runs a page in frames, without and with a tracer, while something in the browser fails. See faults_test.go.

const patience = 20_000; // ms for what comes at once in a sound run, on any machine
const pause = (ms) => new Promise((f) => setTimeout(f, ms));
const bound = (promise, late) => Promise.race([promise, pause(patience).then(() => late)]);
const nameOf = (error) => String(error?.name ?? error);
const text = (response) => (response?.text ? response.text().then((t) => `${response.status} ${t}`) : typeof response);

// outcome tells what a call of fetch brings about.
async function outcome(call) {
  let answer;
  try { answer = call(); } catch (error) { return "throws " + nameOf(error); }
  return answer?.then ? bound(Promise.resolve(answer).then(text).catch((error) => "rejects " + nameOf(error)), "pending") : "returns " + typeof answer;
}

const xhr = (w, method, url, body) => bound(new Promise((done) => {
  const events = [];
  try {
    const x = new w.XMLHttpRequest();
    for (const type of ["load", "error", "abort", "timeout"]) x.addEventListener(type, () => events.push(type));
    x.addEventListener("loadend", () => done(`${events} ${x.status} ${x.responseText}`));
    x.open(method, url);
    x.setRequestHeader("X-Own", "1");
    x.send(body);
  } catch (error) { done("throws " + nameOf(error)); }
}), "pending");

// live is what the page does. It returns what the page learns.
async function live(w, id) {
  const learned = {};
  learned.get = await outcome(() => w.fetch(`/echo?${id}.get`));
  learned.post = await outcome(() => w.fetch(new w.Request(`/echo?${id}.post`, { method: "POST", body: "b", headers: { "X-Own": "1" } })));
  learned.aborted = await outcome(() => { const c = new w.AbortController(), p = w.fetch("/echo?aborted", { signal: c.signal }); c.abort(); return p; });
  learned.xhr = await xhr(w, "GET", `/echo?${id}.xhr`);
  learned.xhrPost = await xhr(w, "POST", `/echo?${id}.xhrPost`, "b");
  const button = w.document.querySelector("#b");
  button.addEventListener("click", () => (learned.clicked = true));
  button.click();
  try {
    w.history.pushState({}, "", "/elsewhere");
    learned.address = w.location.pathname;
  } catch (error) { learned.address = "throws " + nameOf(error); }
  await new Promise((onload) => w.document.body.append(Object.assign(w.document.createElement("script"), { src: "/throws.js", onload })));
  return learned;
}

const spans = ["page load", "during", "inner", "GET", "GET", "GET", "POST", "POST", "click", "uncaught error", "leaving", "after"]; // of the tracer

// run opens a frame in which the fault is, and lets the page and the tracer live there.
async function run(fault, id, collector) {
  const frame = Object.assign(document.createElement("iframe"), { src: "/empty" });
  const loaded = new Promise((f) => (frame.onload = f));
  document.body.append(frame);
  await loaded;
  const w = frame.contentWindow;
  const told = { uncaught: [], warned: [], thrown: [] };
  w.addEventListener("error", (e) => { if (e instanceof w.ErrorEvent) told.uncaught.push(e.message); });
  w.addEventListener("unhandledrejection", (e) => told.uncaught.push("rejected: " + e.reason));
  w.console.warn = (...what) => void told.warned.push(what.join(" "));
  const lift = fault.set?.(w) ?? (() => {});
  const tracing = async (f) => { try { await bound(f(w.m)); } catch (error) { told.thrown.push(String(error)); } };
  if (collector) {
    w.document.body.append(Object.assign(w.document.createElement("script"), { type: "module", src: "/frame.mjs" }));
    await new Promise((f) => w.addEventListener("imported", f));
    told.started = await bound(w.m.initTracer(collector, { serviceName: id, longTasks: false }).then(() => "ok", String), "pending");
    await tracing(({ startSpan, recordSpan }) => {
      const span = startSpan("during", { attributes: { a: 1, l: ["x"] } });
      span.setAttribute("b", 2).addEvent("e", { c: 3 }).setStatus("error", "m").run(() => recordSpan("inner", 0, span.durationMs));
      span.toJSON();
      span.end();
    });
  }
  const undo = fault.then?.(w);
  told.learned = await live(w, id);
  if (collector) {
    await tracing(({ flushSpans }) => flushSpans());
    told.early = (await seen(id)).spans.includes("during");
    await tracing(({ startSpan }) => startSpan("leaving").end());
    w.document.dispatchEvent(new w.Event("freeze"));
    undo?.();
    lift();
    await tracing(async ({ startSpan, flushSpans }) => { startSpan("after").end(); await flushSpans(); });
    told.running = w.m.stats().running;
    told.accounted = Object.keys(localStorage).filter((key) => key.startsWith("edgespan.spans.")).reduce((n, key) => n + Number(key.split(".").pop()), 0);
  }
  frame.remove();
  localStorage.clear();
  const { hits } = await seen(id);
  return { ...told, hits };
}

const seen = async (id) => (await fetch("/seen?" + id)).json();

// wrongs returns what should not be: the page differs, the tracer does not go on, or spans are lost and nobody is told.
async function wrongs(fault, n, collector) {
  const plain = await run(fault, n + "p"), traced = await run(fault, n + "t", collector);
  const wrong = [];
  const equal = (what, a, b) => { if (JSON.stringify(a) !== JSON.stringify(b)) wrong.push(`${what}: ${JSON.stringify(b)}, and not ${JSON.stringify(a)}`); };
  for (const what of ["learned", "uncaught", "hits"]) equal(what, plain[what], traced[what]);
  equal("thrown", [], traced.thrown);
  const { rejects, stops, waits, warns, lacks = [] } = fault;
  if (rejects ? !rejects.test(traced.started) : traced.started !== "ok") wrong.push("started: " + traced.started);
  if (warns ? !traced.warned.some((line) => warns.test(line)) : !rejects && traced.warned.length > 0) wrong.push("warned: " + traced.warned);
  if (!stops) equal("running", !rejects, traced.running);
  if (rejects || stops) return wrong;
  equal("early", !waits, traced.early);
  const expected = [...spans];
  for (const name of lacks) expected.splice(expected.indexOf(name), 1);
  let arrived;
  for (const end = performance.now() + patience; performance.now() < end; await pause(10)) { // those that go with the page come later
    arrived = (await seen(n + "t")).spans.filter((name) => spans.includes(name));
    if (arrived.length + traced.accounted >= expected.length) break;
  }
  if (traced.accounted === 0) equal("spans", expected.sort(), arrived.sort());
  else if (!fault.hangs) wrong.push("stored: " + traced.accounted);
  return wrong;
}

const swap = (object, name, property) => {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { configurable: true, ...property });
  return () => (before ? Object.defineProperty(object, name, before) : delete object[name]);
};
const throws = () => { throw new Error("fault"); };

// call replaces a function, and field what is read.
const place = (w, path) => { const names = path.split("."), name = names.pop(); return [names.reduce((object, key) => object[key], w), name]; };
const call = (path, value, more) => ({ name: `${path}: ${value?.name || value}`, set: (w) => swap(...place(w, path), { writable: true, value }), ...more });
const field = (path, get, more) => ({ name: `${path}: ${get.name || get}`, set: (w) => swap(...place(w, path), { get }), ...more });
const several = (name, ...faults) => ({ name, set: (w) => { const undo = faults.map((fault) => fault.set(w)); return () => undo.forEach((f) => f()); } });

// bridge lets the wasm's calls of one name into JavaScript fail.
const bridge = (kind, of, value) => ({
  name: `bridge, ${kind} ${of}`, stops: true, warns: /./,
  then: (w) => {
    const { get, apply } = w.Reflect;
    let latest; // the name of the function that is applied next
    w.Reflect.get = (object, name) => ((latest = name) === of && kind === "get" ? value() : get(object, name));
    w.Reflect.apply = (...args) => (latest === of && kind === "apply" ? value() : apply(...args));
    return () => Object.assign(w.Reflect, { get, apply });
  },
});

const failing = (w, choose, f) => { const own = w.fetch; w.fetch = (input, init) => (choose(String(input.url ?? input), init) ? f() : own(input, init)); };
const toCollector = (url) => url.endsWith("/v1/traces");
const hangs = () => new Promise(() => {});
const noKeepalive = (f) => (w) => { delete w.Request.prototype.keepalive; w.navigator.sendBeacon = f; };
const noFetch = { warns: /requests by fetch have no spans/, lacks: ["GET", "GET", "POST"] };
const noXHR = { warns: /requests by XMLHttpRequest have no spans/, lacks: ["GET", "POST"] };

// few are tested always: what has gone wrong once, and one of each kind.
const few = [
  { name: "none" },
  several("old browser", call("Object.hasOwn"), call("structuredClone"), call("AbortSignal.timeout"), call("Array.prototype.at"),
    ...["encodedBodySize", "transferSize", "responseStatus"].map((name) => field("PerformanceResourceTiming.prototype." + name, () => undefined))),
  several("no storage", field("localStorage", throws), field("sessionStorage", throws)),
  call("Storage.prototype.setItem", throws),
  call("PerformanceObserver"),
  call("PerformanceObserver.prototype.observe", throws),
  call("PerformanceObserver.prototype.takeRecords", throws),
  call("performance.getEntriesByType", throws),
  call("performance.getEntriesByType", () => [null]),
  field("performance.timeOrigin", () => undefined),
  field("PerformanceEntry.prototype.name", throws),
  field("PerformanceEntry.prototype.startTime", () => "text"),
  field("PerformanceResourceTiming.prototype.responseEnd", throws),
  call("queueMicrotask"),
  call("requestAnimationFrame"),
  call("navigation.addEventListener", throws),
  several("an old browser, and a library has frozen its history", call("Navigation"), { set: (w) => { Object.freeze(w.History.prototype); return () => {}; } }),
  field("navigator.onLine", throws),
  field("navigator.onLine", () => undefined),
  call("LockManager.prototype.request", throws),
  call("Headers.prototype.has", throws),
  { name: "fetch is read-only", set: (w) => void Object.defineProperty(w, "fetch", { writable: false }), ...noFetch },
  { name: "XMLHttpRequest is frozen", set: (w) => void Object.freeze(w.XMLHttpRequest.prototype), ...noXHR },
  { name: "XMLHttpRequest is a function", set: (w) => { const Own = w.XMLHttpRequest; w.XMLHttpRequest = function () { return new Own(); }; }, ...noXHR },
  { name: "fetch's then returns nothing", set: (w) => { const own = w.fetch; w.fetch = (...a) => { const p = own.apply(w, a); return { then: (f, g) => { p.then(f, g); } }; }; } },
  { name: "fetch returns nothing", set: (w) => failing(w, (url) => url.includes("/echo"), () => undefined) },
  { name: "fetch throws", set: (w) => failing(w, (url) => url.includes("/echo"), throws) },
  { name: "fetch and XMLHttpRequest of a library, before", set: library },
  { name: "fetch and XMLHttpRequest of a library, after", then: library },
  { name: "the Collector never answers a library's fetch", set: (w) => { failing(w, toCollector, hangs); soon(w); }, waits: true, hangs: true },
  { name: "keepalive is refused", set: (w) => failing(w, (url, init) => init?.keepalive, () => Promise.reject(new TypeError("quota"))) },
  { name: "no keepalive, and sendBeacon refuses", set: noKeepalive(() => false) },
  { name: "no crypto", ...field("crypto", () => undefined), rejects: /getRandomValues|require/ } /* with Go, TinyGo */,
  bridge("get", "args", throws),
  bridge("apply", "push", throws),
  bridge("apply", "now", () => undefined),
];

// library replaces what tracers replace too.
function library(w) {
  const own = w.fetch;
  w.fetch = async (input, init) => own(new w.Request(input, init));
  const { open, send } = w.XMLHttpRequest.prototype;
  w.XMLHttpRequest.prototype.open = function (...args) { this.own = args; return open.apply(this, args); };
  w.XMLHttpRequest.prototype.send = function (...args) { this.addEventListener("load", () => {}); return send.apply(this, args); };
  w.XMLHttpRequest = class extends w.XMLHttpRequest {};
}

// soon lets the tracer's patience end at once.
function soon(w) {
  const own = w.setTimeout;
  w.setTimeout = (f, ms, ...args) => own(f, ms === 10_000 ? 50 : ms, ...args);
}

export const names = few.map(({ name }) => name);
export const sweep = async (n, collector) => (await wrongs(few[n], n, collector)).join("\n");
