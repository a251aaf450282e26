// Traces a page. See index.d.ts for the API, and docs/browser.md for what is traced.
import { traceRequests } from "./fetch.mjs";

let go; // the functions of the wasm, once it is there
const nativeFetch = globalThis.fetch?.bind(globalThis);
const kinds = ["internal", "server", "client", "producer", "consumer"];
const codes = ["unset", "ok", "error"];

// Nothing here may break the page: what fails is told on the console, once for each kind of call.
const told = new Set();
function call(name, ...args) {
  try {
    return go?.[name](...args);
  } catch (error) {
    if (!told.has(name)) console.warn("edgespan:", name, error);
    told.add(name);
  }
}

let starting; // so that a second call waits for the first, and a failed one can be tried again

export function initTracer(url, options = {}) {
  starting ??= start(url, options).catch((error) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

async function start(url, options) {
  const target = new URL(url, location.href);
  if (target.pathname === "/") target.pathname = "/v1/traces";
  const headers = new Headers(options.headers);
  const allow = (options.propagateTo ?? []).map((address) => new URL(address, location.href).origin);
  const sampleRatio = options.sampleRatio ?? 1;
  const { id, number } = session();
  await load(options.wasmURL ?? new URL("./edgespan.wasm", import.meta.url));
  const chosen = (name) => options[name] ?? true;
  go = globalThis.__edgespan_start({
    url: target.href,
    page: pageFor(target.href, headers),
    redact: options.redact ?? [],
    serviceName: options.serviceName ?? "",
    serviceVersion: options.serviceVersion ?? "",
    session: id,
    sampled: number < sampleRatio,
    sampleRatio,
    pageLoad: chosen("pageLoad"),
    resources: chosen("resources"),
    clicks: chosen("clicks"),
    longTasks: chosen("longTasks"),
    webVitals: chosen("webVitals"),
    errors: chosen("errors"),
  });
  delete globalThis.__edgespan_start;
  if (chosen("requests")) {
    traceRequests({ startSpan, redact: (u) => call("redact", u) ?? "", allow, own: target.href });
  }
}

// pageFor is what the wasm uses of the page. Nothing in it throws.
function pageFor(url, headers) {
  const key = "edgespan.spans";
  const plain = [...headers].length === 0;
  headers.set("Content-Type", "application/json");
  return {
    async send(body, leaving) {
      const options = { method: "POST", headers, body, credentials: "omit" };
      if (!leaving) return nativeFetch(url, { ...options, signal: AbortSignal.timeout(10_000) });
      // sendBeacon tells nobody whether it got through, and takes no headers: it is for browsers without keepalive.
      if (plain && !("keepalive" in Request.prototype)) {
        if (navigator.sendBeacon(url, new Blob([body], { type: "application/json" }))) return { status: 200 };
        throw new Error("sendBeacon");
      }
      return nativeFetch(url, { ...options, keepalive: true });
    },
    load() {
      try {
        return localStorage.getItem(key) ?? "";
      } catch {
        return ""; // no storage
      }
    },
    store(text) {
      try {
        if (text) localStorage.setItem(key, text);
        else localStorage.removeItem(key);
        return true;
      } catch {
        return false; // none, or it is full
      }
    },
  };
}

// session is one number for all pages of a tab, so that a session is traced as a whole or not at all.
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

async function load(url) {
  if (!globalThis.Go) await import(new URL("./wasm_exec.js", import.meta.url).href);
  const runtime = new globalThis.Go();
  const response = nativeFetch(url);
  const { instance } = await WebAssembly.instantiateStreaming(response, runtime.importObject).catch(async () =>
    WebAssembly.instantiate(await (await nativeFetch(url)).arrayBuffer(), runtime.importObject), // served with another type
  );
  await new Promise((ready, failed) => {
    globalThis.__edgespan_ready = (start) => {
      delete globalThis.__edgespan_ready;
      globalThis.__edgespan_start = start;
      ready();
    };
    const library = "_initialize" in instance.exports; // made by TinyGo, it goes on when run has returned
    runtime.run(instance).then(() => { if (library) return; go = undefined; failed(new Error("edgespan: the wasm has ended")); }, failed);
  });
}

// valueOf returns what a value is as an attribute, or undefined for what OpenTelemetry has no type for.
function valueOf(value) {
  if (Array.isArray(value)) return value.map(text);
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value) ? value : undefined;
}

// text and time take whatever a page gives. String throws at an object without a prototype.
function text(value) {
  try {
    return String(value);
  } catch {
    return "";
  }
}
const time = (value) => (Number.isFinite(value) ? value : performance.now());

function valuesOf(attributes) {
  const known = Object.entries(attributes ?? {}).map(([key, value]) => [key, valueOf(value)]);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

class Span {
  #handle = 0;
  #data;

  constructor(name, options) {
    name = text(name);
    const startTime = time(options.startTime);
    const kind = kinds.includes(options.kind) ? options.kind : "internal";
    const made = call("start", name, options.parent instanceof Span ? options.parent.#handle : 0, kind, startTime);
    const [, traceId = "", spanId = "", flags = "00"] = made?.traceparent.split("-") ?? [];
    this.#handle = made?.handle ?? 0;
    this.#data = { name, kind, traceId, spanId, parentSpanId: made?.parentSpanId ?? "", sampled: (parseInt(flags, 16) & 1) === 1, startTime, endTime: undefined, attributes: {}, events: [], status: { code: "unset" } };
    this.traceparent = made?.traceparent ?? "";
    for (const [key, value] of Object.entries(options.attributes ?? {})) this.setAttribute(key, value);
  }

  setAttribute(key, value) {
    value = valueOf(value);
    if (this.#data.endTime === undefined && value !== undefined) {
      key = text(key);
      this.#data.attributes[key] = value;
      call("attribute", this.#handle, key, value);
    }
    return this;
  }

  addEvent(name, attributes = {}) {
    if (this.#data.endTime === undefined) {
      const event = { name: text(name), time: performance.now(), attributes: valuesOf(attributes) };
      this.#data.events.push(event);
      call("event", this.#handle, event.name, event.time, event.attributes);
    }
    return this;
  }

  // As OpenTelemetry has it: ok is the last word, unset says nothing, and only an error has a message.
  setStatus(code, message = "") {
    if (this.#data.endTime === undefined && this.#data.status.code !== "ok" && codes.indexOf(code) > 0) {
      this.#data.status = { code, ...(code === "error" && message && { message: text(message) }) };
      call("status", this.#handle, code, text(message));
    }
    return this;
  }

  end(endTime) {
    if (this.#data.endTime !== undefined) return;
    this.#data.endTime = Math.max(time(endTime), this.#data.startTime);
    if (this.#handle) call("end", this.#handle, this.#data.endTime);
  }

  // run calls f with the span as the parent of what begins in it before its first await.
  run(f) {
    const undo = this.#handle ? call("active", this.#handle) : undefined;
    try {
      return f(this);
    } finally {
      undo?.();
    }
  }

  get durationMs() {
    return (this.#data.endTime ?? performance.now()) - this.#data.startTime;
  }

  toJSON() {
    return { ...structuredClone(this.#data), durationMs: this.durationMs };
  }
}

export function startSpan(name, options) {
  return new Span(name, options ?? {});
}

export function recordSpan(name, startTime, endTime, options) {
  const span = new Span(name, { ...options, startTime });
  span.end(endTime);
  return span;
}

export async function flushSpans() {
  await call("flush");
}

export function stats() {
  return call("stats") ?? { held: 0, dropped: 0, rejected: 0, failures: 0 };
}
