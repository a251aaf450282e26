import { flushSpans, initTracer, startSpan } from "@edgespan/browser";

const later = (ms) => new Promise((done) => setTimeout(done, ms));
await initTracer(new URLSearchParams(location.search).get("collector"), { serviceName: "bundled" });
startSpan("work").end();
while (performance.getEntriesByType("navigation")[0].loadEventEnd === 0) await later(10);
await later(200); // by then the page load is over, whose child waits for it
await flushSpans();
document.title = "traced";
