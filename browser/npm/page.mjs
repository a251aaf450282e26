// The page's functions for the wasm. Values of the page, such as one that was thrown, may throw whenever one of their properties is read, and
// an old browser's performance entries lack fields. The wasm ends for good at a value that it does not expect, so this file reads them.
import { settle } from "./settled.mjs";
import { attempt, call, guard, later, outside, warn } from "./wasm.mjs";

const stringOf = (object, name) => attempt(() => (typeof object[name] === "string" ? object[name] : undefined));

// fieldOf returns a field of a performance entry: a text, or a number. It is "" or 0 if the entry has none.
const texts = ["name", "initiatorType", "type"];
const fieldOf = (entry, name) => {
  if (texts.includes(name)) return stringOf(entry, name) ?? "";
  const value = attempt(() => Number(entry[name]));
  return Number.isFinite(value) ? value : 0;
};
const fieldsOf = (entry, names) => Object.fromEntries(names.map((name) => [name, fieldOf(entry, name)]));

// scrub redacts the URLs in a text. In a stack, a line and a column follow the URL: (https://a.example/p?q=1:17:25). A single number after
// a colon is part of the URL.
const scrub = (text) => text.replace(/[^\s"'<>`]+/g, (word) => {
  if (!/[?#@]|data:|blob:/.test(word)) return word;
  const begin = word.startsWith("(") ? 1 : 0;
  const end = /:\d+:\d+\)?$|\)$/.exec(word)?.index ?? word.length;
  return word.slice(0, begin) + (call("redact", word.slice(begin, end)) ?? "") + word.slice(end);
});

const longestLoad = 60_000; // ms
const longestClick = 10_000, longestRoute = 30_000;
const clickQuiet = 100, routeQuiet = 1000; // ms without an open span after which a click and a route change are over

// routeOf returns an address without a fragment that is no route, and without queries if bare is true.
const routeOf = (bare) => location.href.replace(/#(?![/!]).*/, "").replace(bare ? /\?[^#]*/g : "", "");

const navigationEntry = () => attempt(() => performance.getEntriesByType("navigation")[0]);

export function pageFor(sender, ignored) {
  const observers = [];

  // watch calls f with these fields of each entry of a type, earlier ones included. It reports whether the browser has that type.
  const watch = (type, fields, f) => attempt(() => {
    if (!PerformanceObserver.supportedEntryTypes.includes(type)) return false;
    const each = (entries) => entries.forEach((entry) => { if (type !== "resource" || !ignored(fieldOf(entry, "name"))) f(fieldsOf(entry, fields)); });
    const observer = new PerformanceObserver((list) => attempt(() => {
      const entries = list.getEntries();
      queueMicrotask(() => each(entries)); // WebKit calls this from observe, while the wasm is still starting
    }));
    observer.observe({ type, buffered: true, durationThreshold: 16 });
    observers.push(() => attempt(() => each(observer.takeRecords())));
    return true;
  }) ?? false;

  return {
    push: sender.push,
    warn,
    watch,
    observe: (type, fields, f) => watch(type, fields.split(" "), (entry) => guard(f, ...Object.values(entry))),
    // navigation returns a field of the entry of the page's own load.
    navigation: (name) => fieldOf(navigationEntry(), name),
    // tellAll passes on the entries that the browser has not delivered yet.
    tellAll() {
      for (const tell of observers) tell();
    },
    // served returns the traceparent that the page came with, in Server-Timing or, as OpenTelemetry's document load has it, in
    // <meta name="traceparent">. It returns "" if there is none, if its span is not recorded, or if the page came from a cache.
    served: () => attempt(() => {
      const entry = navigationEntry();
      if (!(entry?.transferSize > 0)) return "";
      const told = entry.serverTiming?.find(({ name }) => name === "traceparent")?.description ?? document.querySelector('meta[name="traceparent"]')?.content ?? "";
      return /-.[13579bdf]$/.test(told) ? told : "";
    }) ?? "",
    // onLoad calls f when the page has loaded: after the load event, because its end is known only then. If the load never ends, as with an
    // image that is a stream, onLoad calls f after longestLoad, so that the children of the page load are sent.
    onLoad(f) {
      const soon = () => setTimeout(() => guard(f));
      if (document.readyState === "complete") return soon();
      addEventListener("load", soon, { once: true });
      setTimeout(() => guard(f), longestLoad);
    },
    // onRoute calls begin with the type and time of each navigation that changes the page's address and loads no page, and later end with the
    // result of begin, the span's id, and the time when the page had settled. A part of the address that is a place in the page, such as #top,
    // is no route. A page that replaces its own query, maybe at each key in a search field, stays at its route.
    onRoute: (begin, end) => attempt(() => {
      let known = routeOf(), bare = routeOf(true);
      let finish;
      const changed = (type) => attempt(() => {
        const [from, fromBare] = [known, bare];
        [known, bare] = [routeOf(), routeOf(true)];
        if (known === from || (type === "replace" && bare === fromBare)) return;
        const now = performance.now();
        if (type !== "push" && type !== "replace") finish?.(); // else it may be a redirect, and a part of the one before
        const id = guard(begin, type, now);
        finish?.();
        let painted = 0;
        finish = id && settle(id, now, routeQuiet, longestRoute, (at) => guard(end, id, Math.max(at, painted)));
        outside(() => requestAnimationFrame(() => { painted = performance.now(); }));
      });
      addEventListener("pagehide", () => finish?.(), true);
      document.addEventListener("visibilitychange", () => { if (document.hidden) finish?.(); }, true);
      if (globalThis.Navigation && navigation instanceof Navigation && navigation.currentEntry) { // none in a sandbox, where it is silent
        return navigation.addEventListener("currententrychange", (event) => changed(event.navigationType ?? ""));
      }
      addEventListener("popstate", () => changed(""), true); // a link to a fragment, or back and forward
      for (const [name, type] of [["pushState", "push"], ["replaceState", "replace"]]) {
        const original = History.prototype[name];
        History.prototype[name] = function (...args) {
          const result = original.apply(this, args);
          changed(type);
          return result;
        };
      }
    }),
    // onClick calls begin with the name and id of each click's element. When the page has handled the click, it calls end with begin's
    // result, the span's id. It calls over with it when the click's requests are over too.
    onClick(begin, end, over) {
      document.addEventListener("click", (event) => {
        const target = attempt(() => event.target);
        const name = stringOf(target, "tagName");
        if (!name) return;
        const click = guard(begin, name.toLowerCase(), stringOf(target, "id") ?? "");
        if (!click) return;
        later(() => guard(end, click));
        settle(click, 0, clickQuiet, longestClick, () => guard(over, click, performance.now()));
      }, true);
    },
    // onError calls f with the type, message and stack of each error that nobody caught.
    onError(f) {
      const tell = (error, otherwise) => {
        const message = typeof error === "string" ? error : stringOf(error, "message") ?? otherwise;
        guard(f, stringOf(error, "name") ?? "Error", scrub(message), scrub(stringOf(error, "stack") ?? ""));
      };
      addEventListener("error", (event) => {
        const message = stringOf(event, "message");
        if (message !== undefined) tell(attempt(() => event.error), message); // else it is a resource that could not be loaded
      }, true);
      addEventListener("unhandledrejection", (event) => tell(attempt(() => event.reason), "unhandled rejection"));
    },
  };
}
