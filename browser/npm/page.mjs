// What the wasm uses of the page. What a page hands over, such as the value that was thrown, may throw itself at each look, and
// TinyGo can't recover from that on wasm: so it is looked at here.
import { attempt, call, guard, warn } from "./wasm.mjs";

const stringOf = (object, name) => attempt(() => (typeof object[name] === "string" ? object[name] : undefined));

// scrub redacts the URLs of a text. Where one stands in a stack, its place in the file is behind it, a line and a column:
// (https://a.example/p?q=1:17:25). One number alone is the end of a value.
const scrub = (text) => text.replace(/[^\s"'<>`]+/g, (word) => {
  if (!/[?#@]|data:|blob:/.test(word)) return word;
  const begin = word.startsWith("(") ? 1 : 0;
  const end = /:\d+:\d+\)?$|\)$/.exec(word)?.index ?? word.length;
  return word.slice(0, begin) + (call("redact", word.slice(begin, end)) ?? "") + word.slice(end);
});

const longestLoad = 60_000; // ms

export function pageFor(sender, ignored) {
  const observers = [];
  return {
    push: sender.push,
    warn,
    // observe calls f with each entry of a type, those from before included. It reports whether the browser has that type.
    observe(type, f) {
      if (!globalThis.PerformanceObserver?.supportedEntryTypes.includes(type)) return false;
      const each = (entries) => entries.forEach((entry) => { if (type !== "resource" || !ignored(entry.name)) guard(f, entry); });
      const observer = new PerformanceObserver((list) => {
        const entries = list.getEntries();
        queueMicrotask(() => each(entries)); // WebKit calls this from observe, while the wasm is still starting
      });
      observer.observe({ type, buffered: true, durationThreshold: 16 });
      observers.push(() => each(observer.takeRecords()));
      return true;
    },
    // tellAll hands over the entries that the browser would tell of when it is idle.
    tellAll() {
      for (const tell of observers) tell();
    },
    // served returns the traceparent of a recorded span that the page came with, in Server-Timing or as OpenTelemetry's document load has it
    // in <meta name="traceparent">, and "" where there is none, or the page is from a cache and its request long over.
    served() {
      const [entry] = performance.getEntriesByType("navigation");
      if (!(entry?.transferSize > 0)) return "";
      const told = entry.serverTiming?.find(({ name }) => name === "traceparent")?.description ?? document.querySelector('meta[name="traceparent"]')?.content ?? "";
      return /-.[13579bdf]$/.test(told) ? told : "";
    },
    // onLoad calls f when the page has loaded, after the event, whose own end is known then. One that never does, as with an image that
    // is a stream, would hold back all that is below its span.
    onLoad(f) {
      const later = () => setTimeout(() => guard(f));
      if (document.readyState === "complete") return later();
      addEventListener("load", later, { once: true });
      setTimeout(() => guard(f), longestLoad);
    },
    // onClick calls begin with each click's element and its id, and end with what that has returned when the page has handled it.
    onClick(begin, end) {
      document.addEventListener("click", (event) => {
        const target = attempt(() => event.target);
        const name = stringOf(target, "tagName");
        if (!name) return;
        const click = guard(begin, name.toLowerCase(), stringOf(target, "id") ?? "");
        setTimeout(() => guard(end, click));
      }, true);
    },
    // onError calls f with type, message and stack of what was thrown and nobody caught.
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
