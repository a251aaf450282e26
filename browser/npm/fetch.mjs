// Spans of fetch and XMLHttpRequest. This is JavaScript and not Go, so that requests are made even if the wasm fails. What the tracer does
// for a request is in an attempt, and the browser's own call is not: nothing that goes wrong here fails the page's request.
import { instantsOf } from "./times.mjs";
import { attempt, outside, warn } from "./wasm.mjs";

const normalized = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]; // by the browser, whatever their case: https://fetch.spec.whatwg.org/#methods
const standard = [...normalized, "CONNECT", "PATCH", "QUERY", "TRACE"]; // known to the conventions

// traceRequests makes a span for each request. times, if there is one, finds what the browser measured.
export function traceRequests({ startSpan, settled, redact, allow, denied, ignored, methods, times }) {
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
    settled(span, at);
    if (timed && moved !== undefined) return times.answered(timed, moved, (entry) => { attempt(() => measured(span, entry)); span.end(at); });
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
  function traceFetch() {
    const fetch = globalThis.fetch;
    const property = (name) => Object.getOwnPropertyDescriptor(Request.prototype, name).get;
    const requestURL = property("url"), requestMethod = property("method");

    // beginFetch begins a request's span, and replaces the page's arguments by those that the browser gets. It returns undefined if the
    // request is not traced.
    function beginFetch(args) {
      const asked = attempt(() => requestURL.call(args[0])); // undefined where it is no Request, be it another frame's
      if (asked === undefined && args.length > 0) args[0] = attempt(() => `${args[0]}`) ?? args[0]; // as fetch does, once
      const url = args.length > 0 && urlOf(asked ?? args[0]);
      if (!url) return undefined;
      const own = [...args];
      const signalOf = () => attempt(() => { const given = own[1]?.signal; return given === undefined ? own[0].signal : given; });
      const request = mayKnow(url) ? attempt(() => new Request(...own)) : undefined; // fetch says itself what is wrong
      let signal;
      if (request) {
        args.splice(0, args.length, request); // the body of the page's own is used up now
        // In WebKit, an abort no longer reaches a Request that has been garbage-collected, so fetch gets the page's own signal. A second
        // argument resets the referrer, so it has that too.
        signal = signalOf();
        if (signal instanceof AbortSignal) args.push({ signal, referrer: request.referrer, referrerPolicy: request.referrerPolicy });
      }
      const method = attempt(() => `${request ? request.method : own[1]?.method ?? requestMethod.call(own[0])}`) ?? "GET";
      const span = begin(method, url);
      if (request && span.traceparent) attempt(() => request.headers.has("traceparent") || request.headers.set("traceparent", span.traceparent));
      // If the page aborts the request, fetch rejects with the signal's reason, which may be anything. AbortSignal.timeout's is a
      // TimeoutError. In WebKit, fetch rejects with an AbortError in any case, and only the page's own signal has the reason.
      const why = (error) => {
        signal ??= signalOf();
        if (!attempt(() => signal.aborted)) return nameOf(error);
        return [error, attempt(() => signal.reason)].some((e) => nameOf(e) === "TimeoutError") ? "TimeoutError" : "abort";
      };
      const timed = times?.begin("fetch", url.href);
      return {
        called: () => attempt(() => times?.called(timed)),
        answered: (response) => attempt(() => end(span, response.status, "", timed, foreign(url) || response.redirected)),
        failed: (error) => attempt(() => end(span, 0, why(error), timed)),
      };
    }

    globalThis.fetch = function (...args) {
      const traced = attempt(() => beginFetch(args));
      if (!traced) return fetch.apply(this ?? globalThis, args);
      let answer;
      try {
        answer = fetch.apply(this ?? globalThis, args);
      } catch (error) { // the browser's own fetch does not throw
        traced.failed(error);
        throw error;
      }
      traced.called();
      // The page gets the promise that then returns. If it does not handle a rejection, that is reported as unhandled, as without a tracer.
      // A fetch of a library may return something else.
      const passed = attempt(() => answer.then(
        (response) => { traced.answered(response); return response; },
        (error) => { traced.failed(error); if (passed) throw error; },
      ));
      return passed ?? answer;
    };
  }

  function traceXMLHttpRequest() {
    const { prototype } = XMLHttpRequest;
    const { open, send, setRequestHeader } = prototype;
    if (!open) throw new Error("a library has replaced it"); // by a function that makes real ones
    const requests = new WeakMap(); // of each object that was opened: what was asked for, and from send on what ends the span

    prototype.open = function (...args) {
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

    prototype.setRequestHeader = function (...args) {
      if (args.length > 1) args[0] = `${args[0]}`;
      setRequestHeader.apply(this, args);
      const request = requests.get(this);
      if (request && args[0].toLowerCase() === "traceparent") request.hasTraceparent = true;
    };

    // beginSend begins a request's span, and sets what ends it. It returns undefined if the request is not traced.
    function beginSend(object, request) {
      const url = request && !request.over && urlOf(request.address);
      if (!url) return undefined;
      const span = begin(request.method, url);
      if (span.traceparent && mayKnow(url) && !request.hasTraceparent) attempt(() => setRequestHeader.call(object, "traceparent", span.traceparent));
      let why = "";
      const listening = new AbortController();
      // If a listener opens and sends an object again when it is done, Firefox and WebKit still dispatch the earlier request's events.
      const on = (type, f) => object.addEventListener(type, () => { if (object.readyState === 4) f(); }, { signal: listening.signal });
      const timed = times?.begin("xmlhttprequest", url.href);
      request.over = (status, reason) => attempt(() => {
        request.over = () => {};
        listening.abort();
        end(span, status, reason || (status ? "" : "error"), timed, status ? foreign(url) || object.responseURL !== url.href.split("#")[0] : undefined);
      });
      outside(() => {
        for (const type of ["error", "abort", "timeout"]) on(type, () => (why = type));
        on("loadend", () => request.over(object.status, why));
      });
      return { called: () => attempt(() => times?.called(timed)), failed: (error) => request.over(0, nameOf(error)) };
    }

    prototype.send = function (...args) {
      const traced = attempt(() => beginSend(this, requests.get(this)));
      try {
        return send.apply(this, args);
      } catch (error) {
        traced?.failed(error); // a synchronous one has no event then
        throw error;
      } finally {
        traced?.called();
      }
    };
  }

  // A library may have frozen what these replace.
  for (const [name, trace] of Object.entries({ fetch: traceFetch, XMLHttpRequest: traceXMLHttpRequest })) {
    try {
      trace();
    } catch (error) {
      warn(`requests by ${name} have no spans:`, error);
    }
  }
}
