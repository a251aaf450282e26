// Finds the browser's PerformanceResourceTiming entry for each request. The browser does not link the two. An entry may be a request's if
// it has the same kind and URL, if it starts while the request is in progress, and if its answer starts before the page gets the answer. An
// entry that may be several requests' waits until all of them but one have their own entries. If that never happens, the spans have no
// times: that is better than another request's times.
import { later } from "./wasm.mjs";

const longest = 10_000; // ms that a span waits for its entry after the answer. The entry comes when the body has ended, if it comes at all
const grace = 100; // ms that a flush waits for entries
const lag = 10; // ms from the call to the start of the entry. It is longer if the request is redirected, or if the browser sends a preflight
const skew = 5; // ms by which the clocks of a browser's processes may differ
const most = 64; // concurrent requests to one URL. If there are more, none of them gets an entry, since comparing all of them takes long

// Fields of an entry. Those of a lookup or a connection are left out if it took no time: the browser had the address or the connection.
const steps = [
  ["fetchStart"], ["domainLookupStart", "domainLookupEnd"], ["connectStart", "secureConnectionStart", "connectEnd"],
  ["requestStart"], ["responseStart"], ["responseEnd"],
];

const fields = ["name", "initiatorType", "startTime", "encodedBodySize", ...steps.flat()];

export const instantsOf = (entry) =>
  steps.filter((names) => names.length === 1 || entry[names[names.length - 1]] > entry[names[0]]).flat().filter((name) => entry[name] > 0);

// may reports whether an entry may be the request's. It is never false for the request's own entry.
const may = (request, entry) =>
  entry.startTime >= request.from && entry.startTime <= request.over &&
  (request.kind === "fetch" ? entry.responseStart : entry.responseEnd) <= request.over + skew;

// timesBy returns undefined if the browser has no entries for requests.
export function timesBy(page) {
  const groups = new Map(); // by kind and URL: requests, and entries that have no request yet
  const waiting = new Set(); // answered requests that have no entry yet

  const keyOf = (kind, url) => `${kind} ${url.split("#")[0]}`; // Firefox's entries have the fragment, WebKit's do not

  // finish calls the request's tell with its entry, or with undefined. A request without an entry stays in its group, because its entry may
  // still come and must not be taken for another's.
  function finish(request, entry) {
    const { group, tell } = request;
    clearTimeout(request.timer);
    waiting.delete(request);
    request.done = true;
    request.tell = undefined;
    if (entry) group.requests.delete(request);
    prune(group);
    tell?.(entry);
  }

  // prune removes finished requests and entries that are older than all requests that still need an entry.
  function prune(group) {
    const oldest = Math.min(...[...group.requests].filter((r) => !r.done).map((r) => r.from));
    if (oldest === Infinity) groups.delete(group.key);
    for (const r of group.requests) if (r.done && r.over < oldest) group.requests.delete(r);
    for (const e of group.entries) if (e.startTime < oldest) group.entries.delete(e);
  }

  // match gives entries to requests. Only answered requests get one, since may cannot rule out an entry for the others.
  function match(group) {
    for (const request of group.requests) {
      if (request.over === Infinity) continue;
      const own = [...group.entries].filter((entry) => [...group.requests].every((r) => may(r, entry) === (r === request)));
      if (own.length === 0) continue;
      for (const entry of own) group.entries.delete(entry);
      if (own.length > 1) finish(request); // the page has also made a request that the tracer does not see, with a fetch from before
      else if (request.moved || own[0].startTime <= request.to + lag) {
        finish(request, own[0]);
        return match(group); // entries that might have been this request's may now be another's alone
      }
    }
  }

  const observed = page.watch("resource", fields, (entry) => {
    const group = groups.get(keyOf(entry.initiatorType, entry.name));
    if (!group || group.crowded) return;
    group.entries.add(entry);
    match(group);
  });
  if (!observed) return undefined;

  return {
    // begin adds a request before the browser gets it. called is for the moment after.
    begin(kind, url) {
      const key = keyOf(kind, url);
      if (!groups.has(key)) groups.set(key, { key, requests: new Set(), entries: new Set(), crowded: false });
      const group = groups.get(key);
      const request = { group, kind, from: performance.now(), to: Infinity, over: Infinity, moved: false, done: false };
      group.requests.add(request);
      if (group.requests.size > most && !group.crowded) {
        group.crowded = true;
        group.entries.clear();
        for (const r of group.requests) if (r.tell) finish(r);
      }
      return request;
    },
    called(request) {
      request.to = performance.now();
    },
    // answered ends a request that has an answer, and calls tell with its entry, or with undefined when it stops waiting. moved says that
    // the entry may start long after the call. failed ends a request that has no answer.
    answered(request, moved, tell) {
      request.over = performance.now();
      Object.assign(request, { moved, tell });
      waiting.add(request);
      if (request.group.crowded) return finish(request);
      request.timer = later(() => finish(request), longest);
      match(request.group);
    },
    failed(request) {
      request.over = performance.now();
      finish(request);
      match(request.group);
    },
    waits: () => waiting.size > 0,
    // settle waits a short time for the missing entries, and then ends the waiting.
    async settle() {
      for (const end = performance.now() + grace; waiting.size > 0 && performance.now() < end; ) await new Promise((f) => later(f, 10));
      page.tellAll();
      this.finishAll();
    },
    finishAll() {
      for (const request of waiting) finish(request);
    },
  };
}
