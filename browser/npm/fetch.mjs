// Spans of fetch and XMLHttpRequest. It is JavaScript and not Go so that a request is made whatever becomes of the wasm.
import { attempt } from "./wasm.mjs";

export function traceRequests({ startSpan, redact, allow, deny, own }) {
  // A foreign origin would refuse a header that it does not know of, so it gets one only when it is named.
  const mayKnow = (url) => (url.origin === location.origin || allow.includes(url.origin)) &&
    !deny.some((some) => (typeof some === "string" ? url.href.startsWith(some) : url.href.search(some) >= 0));

  function begin(ask) {
    try {
      let [method, address] = ask();
      const url = new URL(address, document.baseURI);
      if (url.href === own || !url.protocol.startsWith("http")) return;
      method = String(method).toUpperCase();
      const span = startSpan(method, { kind: "client", attributes: { "http.request.method": method, "url.full": redact(url.href), "server.address": url.hostname } });
      return { span, traceparent: mayKnow(url) ? span.traceparent : "" };
    } catch {
      return; // the browser will say what is wrong with it
    }
  }

  function end({ span }, status, error) {
    if (status) span.setAttribute("http.response.status_code", status);
    if (error || status >= 400) span.setAttribute("error.type", error || String(status)).setStatus("error", error || "");
    span.end();
  }

  // A request gets its header as a Request made of the page's arguments, which is what fetch itself makes of them first: all that
  // they say is in it, also what is inherited or comes from getters. All others get the page's arguments as they are.
  const fetch = globalThis.fetch;
  globalThis.fetch = function (...args) {
    const [input, init] = args;
    const traced = begin(() => [init?.method ?? input.method ?? "GET", input.url ?? input]);
    if (traced?.traceparent) {
      try {
        const request = new Request(...args);
        args = [request]; // the body of the page's own is used up now
        if (!request.headers.has("traceparent")) request.headers.set("traceparent", traced.traceparent);
      } catch { /* fetch says so itself */ }
    }
    const answer = fetch.apply(this ?? globalThis, args);
    if (!traced) return answer;
    // The page gets what is behind: a rejection that it does not handle is unhandled, as it would be without a tracer.
    return answer.then(
      (response) => { end(traced, response.status); return response; },
      (error) => { end(traced, 0, attempt(() => error.name) || "error"); throw error; },
    );
  };

  const { open, send } = XMLHttpRequest.prototype;
  const requests = new WeakMap();
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    requests.set(this, [method, url]);
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    const request = requests.get(this);
    const traced = request && begin(() => request);
    if (traced) {
      try {
        if (traced.traceparent) this.setRequestHeader("traceparent", traced.traceparent);
      } catch { /* not open */ }
      let why = "", status = 0;
      const listening = new AbortController(); // a request object that is used again gets new ones
      const on = (type, f) => this.addEventListener(type, f, { signal: listening.signal });
      on("readystatechange", () => { if (this.readyState > 1) status = this.status; }); // the page may open it anew before loadend comes here
      for (const type of ["error", "abort", "timeout"]) on(type, () => (why = type));
      on("loadend", () => { listening.abort(); end(traced, status, why); });
    }
    return send.call(this, body);
  };
}
