// Spans of fetch and XMLHttpRequest. It is JavaScript and not Go so that a request is made whatever becomes of the wasm.
export function traceRequests({ startSpan, redact, allow, own }) {
  // A foreign origin would refuse a header that it does not know of, so it gets one only when it is named.
  const mayKnow = (url) => url.origin === location.origin || allow.includes(url.origin);

  function begin(method, address) {
    try {
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

  const fetch = globalThis.fetch;
  globalThis.fetch = function (input, init) {
    const isRequest = input instanceof Request;
    const traced = begin(init?.method ?? (isRequest ? input.method : "GET"), isRequest ? input.url : input);
    if (!traced) return fetch.call(this ?? globalThis, input, init);
    if (traced.traceparent) {
      try {
        const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined));
        if (!headers.has("traceparent")) headers.set("traceparent", traced.traceparent);
        init = { ...init, headers };
      } catch { /* bad headers: fetch says so itself */ }
    }
    const answer = fetch.call(this ?? globalThis, input, init);
    answer.then((response) => end(traced, response.status), (error) => end(traced, 0, error?.name ?? "error"));
    return answer;
  };

  const { open, send } = XMLHttpRequest.prototype;
  const requests = new WeakMap();
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    requests.set(this, [method, url]);
    return open.call(this, method, url, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    const request = requests.get(this);
    const traced = request && begin(...request);
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
