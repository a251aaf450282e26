// Spans of fetch and XMLHttpRequest. This is JavaScript and not Go, so that requests are made even if the wasm fails.
import { instantsOf } from "./times.mjs";
import { attempt } from "./wasm.mjs";

const normalized = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]; // by the browser, whatever their case: https://fetch.spec.whatwg.org/#methods
const standard = [...normalized, "CONNECT", "PATCH", "QUERY", "TRACE"]; // known to the conventions

// traceRequests makes a span for each request. times, if there is one, finds what the browser measured.
export function traceRequests({ startSpan, redact, allow, denied, ignored, methods, times }) {
  const known = methods.length > 0 ? methods : standard;

  // A foreign origin may refuse requests with an unknown header, so it gets the header only if propagateTo names it. In a sandboxed page,
  // origin is "null", and not the origin of the page's address.
  const foreign = (url) => url.origin !== origin;
  const mayKnow = (url) => (!foreign(url) || allow.includes(url.origin)) && !denied(url.href);

  // urlOf returns the URL of a request, or undefined if the request is not traced. It leaves it to the browser to report an invalid
  // address.
  const urlOf = (address) => attempt(() => {
    const url = new URL(address, document.baseURI);
    return url.protocol.startsWith("http") && !ignored(url.href) ? url : undefined;
  });

  function begin(method, url) {
    if (normalized.includes(method.toUpperCase())) method = method.toUpperCase();
    const [name, described] = known.includes(method)
      ? [method, { "http.request.method": method }]
      : ["HTTP", { "http.request.method": "_OTHER", "http.request.method_original": method }];
    const server = { "server.address": url.hostname.replace(/^\[|\]$/g, ""), "server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80) };
    return startSpan(name, { kind: "client", attributes: { ...described, "url.full": redact(url.href), ...server } });
  }

  // end ends a span. moved is undefined if there is no answer; otherwise see times.answered, which the span waits for. The span's end time
  // is now in any case.
  function end(span, status, error, timed, moved) {
    if (status) span.setAttribute("http.response.status_code", status);
    if (error === "AbortError" || error === "abort") { // by the page, which is no error to the conventions
      span.addEvent("canceled");
      error = "";
    }
    if (error || status >= 400) span.setAttribute("error.type", error || String(status)).setStatus("error", error || "");
    const at = performance.now();
    if (timed && moved !== undefined) return times.answered(timed, moved, (entry) => { measured(span, entry); span.end(at); });
    span.end(at);
    if (timed) times.failed(timed);
  }

  function measured(span, entry) {
    if (!entry) return;
    for (const name of instantsOf(entry)) span.addEvent(name, undefined, entry[name]);
    if (entry.encodedBodySize > 0) span.setAttribute("http.response.body.size", entry.encodedBodySize); // it is also 0 if the browser hides it
  }

  const nameOf = (error) => attempt(() => error.name) || "error";

  // To add the header, the tracer makes a Request from the page's arguments, as fetch itself does first. So the Request has everything that
  // they say, inherited properties and getters included. If there is no header to add, fetch gets the page's arguments as they are.
  const fetch = globalThis.fetch;
  const property = (name) => Object.getOwnPropertyDescriptor(Request.prototype, name).get;
  const requestURL = property("url"), requestMethod = property("method");
  globalThis.fetch = function (...args) {
    const asked = attempt(() => requestURL.call(args[0])); // undefined where it is no Request, be it another frame's
    if (asked === undefined && args.length > 0) args[0] = attempt(() => `${args[0]}`) ?? args[0]; // as fetch does, once
    const url = args.length > 0 && urlOf(asked ?? args[0]);
    if (!url) return fetch.apply(this ?? globalThis, args);
    const request = mayKnow(url) ? attempt(() => new Request(...args)) : undefined; // fetch says itself what is wrong
    const method = attempt(() => `${request ? request.method : args[1]?.method ?? requestMethod.call(args[0])}`) ?? "GET";
    const span = begin(method, url);
    const own = args;
    const signalOf = () => attempt(() => { const given = own[1]?.signal; return given === undefined ? own[0].signal : given; });
    let signal;
    if (request) {
      args = [request]; // the body of the page's own is used up now
      // In WebKit, an abort no longer reaches a Request that has been garbage-collected, so fetch gets the page's own signal. A second
      // argument resets the referrer, so it has that too.
      signal = signalOf();
      if (signal instanceof AbortSignal) args.push({ signal, referrer: request.referrer, referrerPolicy: request.referrerPolicy });
      if (span.traceparent && !request.headers.has("traceparent")) request.headers.set("traceparent", span.traceparent);
    }
    // If the page aborts the request, fetch rejects with the signal's reason, which may be anything. AbortSignal.timeout's is a
    // TimeoutError. In WebKit, fetch rejects with an AbortError in any case, and only the page's own signal has the reason.
    const why = (error) => {
      signal ??= signalOf();
      if (!attempt(() => signal.aborted)) return nameOf(error);
      return [error, attempt(() => signal.reason)].some((e) => nameOf(e) === "TimeoutError") ? "TimeoutError" : "abort";
    };
    const timed = times?.begin("fetch", url.href);
    const answer = fetch.apply(this ?? globalThis, args);
    times?.called(timed);
    // The page gets the promise that then returns. If it does not handle a rejection, that is reported as unhandled, as without a tracer.
    return answer.then(
      (response) => { end(span, response.status, "", timed, foreign(url) || response.redirected); return response; },
      (error) => { end(span, 0, why(error), timed); throw error; },
    );
  };

  const { open, send, setRequestHeader } = XMLHttpRequest.prototype;
  const requests = new WeakMap(); // of each object that was opened: what was asked for, and from send on what ends the span
  XMLHttpRequest.prototype.open = function (...args) {
    if (args.length > 1) args = [`${args[0]}`, `${args[1]}`, ...args.slice(2)]; // as open does, once
    const { readyState, status } = this;
    const before = requests.get(this);
    requests.set(this, { method: args[0], address: args[1] }); // at once, as open has an event in which the page may send
    try {
      open.apply(this, args);
    } catch (error) {
      requests.set(this, before); // that one is still open
      throw error;
    }
    // A listener of the page may open the object again before the listeners of send are called. The browser ends a request in progress
    // without an event.
    before?.over?.(status, readyState === 4 ? "" : "abort");
  };
  XMLHttpRequest.prototype.setRequestHeader = function (...args) {
    if (args.length > 1) args[0] = `${args[0]}`;
    setRequestHeader.apply(this, args);
    const request = requests.get(this);
    if (request && args[0].toLowerCase() === "traceparent") request.hasTraceparent = true;
  };
  XMLHttpRequest.prototype.send = function (...args) {
    const request = requests.get(this);
    const url = request && !request.over && urlOf(request.address);
    if (!url) return send.apply(this, args);
    const span = begin(request.method, url);
    if (span.traceparent && mayKnow(url) && !request.hasTraceparent) attempt(() => setRequestHeader.call(this, "traceparent", span.traceparent));
    let why = "";
    const listening = new AbortController();
    // If a listener opens and sends an object again when it is done, Firefox and WebKit still dispatch the earlier request's events.
    const on = (type, f) => this.addEventListener(type, () => { if (this.readyState === 4) f(); }, { signal: listening.signal });
    let timed;
    request.over = (status, reason) => {
      request.over = () => {};
      listening.abort();
      end(span, status, reason || (status ? "" : "error"), timed, status ? foreign(url) || this.responseURL !== url.href.split("#")[0] : undefined);
    };
    for (const type of ["error", "abort", "timeout"]) on(type, () => (why = type));
    on("loadend", () => request.over(this.status, why));
    timed = times?.begin("xmlhttprequest", url.href);
    try {
      return send.apply(this, args);
    } catch (error) {
      request.over(0, nameOf(error)); // a synchronous one has no event then
      throw error;
    } finally {
      times?.called(timed);
    }
  };
}
