import { initTracer, startSpan, flushSpans } from "/edgespan/index.mjs";

// ?collector=http://localhost:4318 names another Collector than the page's own origin.
const query = new URLSearchParams(location.search);
await initTracer(query.get("collector") ?? location.origin, { serviceName: "example-page" });

document.querySelector("#ask").onclick = async () => {
  const span = startSpan("ask");
  const response = await span.run(() => fetch("/api/items/7"));
  document.querySelector("#answer").textContent = await response.text();
  span.end();
  await flushSpans();
};
document.querySelector("#break").onclick = () => {
  throw new Error("the example's own error");
};
document.documentElement.dataset.traced = "yes";
