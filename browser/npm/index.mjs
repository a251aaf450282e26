// Traces a page. See index.d.ts for the API, and docs/browser.md for what is traced.
import { traceRequests } from "./fetch.mjs";
import { pageFor } from "./page.mjs";
import { senderTo } from "./sender.mjs";
import { began, ended } from "./settled.mjs";
import { timesBy } from "./times.mjs";
import { attempt, call, outside, running, start as startWasm } from "./wasm.mjs";

const nativeFetch = globalThis.fetch?.bind(globalThis);
const kinds = ["internal", "server", "client", "producer", "consumer"]; // numbered as OTLP has them, from 1
const codes = ["unset", "ok", "error"];
let sender; // from initTracer on
let times; // of requests, where they are traced

let starting; // so that a second call waits for the first, and a failed one can be tried again

export function initTracer(url, options = {}) {
  starting ??= outside(() => start(url, options)).catch((error) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

const needed = ["document", "WebAssembly"]; // which a worker, a server and some browsers do not have

async function start(url, options) {
  for (const name of needed) {
    if (!globalThis[name]) throw new Error(`edgespan: pages are not traced here, because there is no ${name}`);
  }
  const target = new URL(url, location.href);
  if (target.pathname === "/") target.pathname = "/v1/traces";
  const absolute = (address) => new URL(address, location.href);
  const allow = (options.propagateTo ?? []).map((address) => absolute(address).origin);
  const among = (list) => {
    const all = (list ?? []).map((some) => (some instanceof RegExp ? some : absolute(some).href));
    return (href) => all.some((some) => (typeof some === "string" ? href.startsWith(some) : attempt(() => href.search(some) >= 0)));
  };
  const denied = among(options.noPropagation);
  const unwanted = among(options.ignore);
  const ignored = (href) => href === target.href || unwanted(href); // what brings the spans away would bring about more
  const methods = Array.from(options.knownMethods ?? [], text);
  const sampleRatio = Math.min(Math.max(Number(options.sampleRatio ?? 1), 0), 1);
  if (Number.isNaN(sampleRatio)) throw new TypeError(`edgespan: sampleRatio is a number from 0 to 1, and not ${options.sampleRatio}`);
  const { id, number } = session();
  const sampled = number < sampleRatio;
  const chosen = (name) => options[name] ?? true;
  const made = senderTo(target.href, new Headers(options.headers), nativeFetch);
  const page = pageFor(made, ignored);
  await startWasm(options.wasmURL ?? new URL("./edgespan.wasm", import.meta.url), nativeFetch, {
    page,
    redact: Array.from(options.redact ?? [], text),
    serviceName: text(options.serviceName ?? ""),
    serviceVersion: text(options.serviceVersion ?? ""),
    resource: Object.entries(valuesOf(options.resource)).flat(),
    session: id,
    sampled,
    sampleRatio,
    pageLoad: chosen("pageLoad"),
    resources: chosen("resources"),
    clicks: chosen("clicks"),
    longTasks: chosen("longTasks"),
    webVitals: chosen("webVitals"),
    errors: chosen("errors"),
    routeChanges: chosen("routeChanges"),
  });
  sender = made;
  if (sampled) {
    sender.begin();
    if (chosen("requests")) times = timesBy(page);
    const goes = (calls) => {
      page.tellAll();
      times?.finishAll();
      calls.forEach((name) => call(name));
      sender.leave();
    };
    addEventListener("pagehide", () => goes(["leave", "hide"]), true);
    document.addEventListener("freeze", () => goes(["hide"]), true); // from which a hidden page may never wake
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") goes(["hide"]); }, true);
  }
  if (chosen("requests")) {
    traceRequests({ startSpan, settled: Span.settled, redact: (u) => call("redact", u) ?? "", allow, denied, ignored, methods, times });
  }
}

// session returns an id and a random number. They are the same for all pages of a tab, so that a session is traced as a whole or not at
// all.
function session() {
  const fresh = () => ({ id: crypto.getRandomValues(new Uint32Array(4)).reduce((s, n) => s + n.toString(16).padStart(8, "0"), ""), number: Math.random() });
  try {
    const known = JSON.parse(sessionStorage.getItem("edgespan.session"));
    if (typeof known?.id === "string" && typeof known.number === "number") return known;
    const made = fresh();
    sessionStorage.setItem("edgespan.session", JSON.stringify(made));
    return made;
  } catch {
    return fresh(); // no storage: each page is a session
  }
}

// valueOf converts a value to an attribute value, or returns undefined if OpenTelemetry has no type for it.
function valueOf(value) {
  return attempt(() => {
    if (Array.isArray(value)) return Array.from(value, text);
    return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value) ? value : undefined;
  });
}

// text and time accept any value of the page. String alone throws for an object without a prototype.
const text = (value) => attempt(() => String(value)) ?? "";
const time = (value) => (Number.isFinite(value) ? value : performance.now());

function valuesOf(attributes) {
  const values = {};
  for (const key of attempt(() => Object.keys(attributes)) ?? []) {
    const value = valueOf(attempt(() => attributes[key]));
    if (value !== undefined) values[key] = value;
  }
  return values;
}

// copyOf copies what a span has. (Some browsers have no structuredClone.)
const copyOf = (value) => {
  if (Array.isArray(value)) return value.map(copyOf);
  return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, some]) => [key, copyOf(some)])) : value;
};

let handles = 0;
const most = 128; // attributes, and events, of a span: what goes out has no more

class Span {
  #handle = 0; // in the wasm
  #settled = false;
  #data;

  constructor(name, options, startTime = attempt(() => options.startTime)) {
    name = text(name);
    startTime = time(startTime);
    const kind = Math.max(kinds.indexOf(attempt(() => options.kind)), 0);
    const attributes = valuesOf(attempt(() => options.attributes));
    const parent = attempt(() => [options.parent.#handle, text(options.parent.traceparent)]) ?? [0, ""];
    const made = call("start", ++handles, name, ...parent, kind + 1, startTime, ...Object.entries(attributes).flat()) ?? "";
    this.#handle = made ? handles : 0;
    this.traceparent = made.slice(0, 55);
    const [, traceId = "", spanId = "", flags = "00"] = this.traceparent.split("-");
    this.#data = { name, kind: kinds[kind], traceId, spanId, parentSpanId: made.slice(55), sampled: (parseInt(flags, 16) & 1) === 1, startTime, endTime: undefined, attributes, events: [], status: { code: "unset" } };
    began(this.#data.parentSpanId);
  }

  setAttribute(key, value) {
    value = valueOf(value);
    if (this.#data.endTime === undefined && value !== undefined) {
      key = text(key);
      const { attributes } = this.#data;
      const known = Object.keys(attributes);
      if (known.includes(key) || known.length < most) attributes[key] = value;
      call("attribute", this.#handle, key, value);
    }
    return this;
  }

  addEvent(name, attributes, at) {
    if (this.#data.endTime === undefined) {
      const event = { name: text(name), time: time(at), attributes: valuesOf(attributes) };
      if (this.#data.events.length < most) this.#data.events.push(event);
      call("event", this.#handle, event.name, event.time, ...Object.entries(event.attributes).flat());
    }
    return this;
  }

  // As in OpenTelemetry, nothing changes the status after ok, unset is ignored, and only an error has a message. An error without one keeps
  // the message of an earlier error.
  setStatus(code, message = "") {
    if (this.#data.endTime === undefined && this.#data.status.code !== "ok" && codes.indexOf(code) > 0) {
      if (code === "error" && !message) message = this.#data.status.message;
      this.#data.status = { code, ...(code === "error" && message && { message: text(message) }) };
      call("status", this.#handle, code, text(message ?? ""));
    }
    return this;
  }

  end(endTime) {
    if (this.#data.endTime !== undefined) return;
    this.#data.endTime = Math.max(time(endTime), this.#data.startTime);
    Span.settled(this, this.#data.endTime);
    if (this.#handle) call("end", this.#handle, this.#data.endTime);
  }

  // settled says that what a span is about has ended, though the span may wait for more to say.
  static settled(span, at) {
    if (span.#settled) return;
    span.#settled = true;
    ended(span.#data.parentSpanId, at);
  }

  // run calls f. The span is the parent of the spans that f starts before its first await.
  run(f) {
    call("enter", this.#handle, text(this.traceparent));
    try {
      return f(this);
    } finally {
      call("exit");
    }
  }

  get durationMs() {
    return (this.#data.endTime ?? performance.now()) - this.#data.startTime;
  }

  toJSON() {
    return { ...copyOf(this.#data), durationMs: this.durationMs };
  }
}

export function startSpan(name, options) {
  return new Span(name, options);
}

export function recordSpan(name, startTime, endTime, options) {
  const span = new Span(name, options, startTime);
  span.end(endTime);
  return span;
}

export async function flushSpans() {
  if (times?.waits()) await times.settle();
  await sender?.flush();
}

export function stats() {
  return { ...(sender?.stats() ?? { held: 0, dropped: 0, rejected: 0, failures: 0 }), running: running() };
}
