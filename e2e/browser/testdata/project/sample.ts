import { flushSpans, initTracer, recordSpan, startSpan, stats } from "@edgespan/browser";
import type { AttributeValue, Attributes, Span, SpanJSON, SpanKind, SpanOptions, TracerOptions } from "@edgespan/browser";

const options: TracerOptions = {
  serviceName: "shop",
  serviceVersion: "1",
  headers: { "x-tenant": "7" },
  sampleRatio: 0.5,
  redact: ["voucher"],
  propagateTo: ["https://api.example.com"],
  noPropagation: ["/download/", /\.zip$/],
  ignore: ["/beacon", /\.png$/],
  knownMethods: ["GET", "PURGE"],
  resource: { "deployment.environment.name": "staging", shelf: 7 },
  wasmURL: new URL("https://shop.example/edgespan.wasm"),
  pageLoad: true, resources: true, clicks: true, longTasks: true, webVitals: true, errors: true, routeChanges: true, requests: false,
};
const ready: Promise<void> = initTracer("https://collector.example.com", options);
await ready;

const kind: SpanKind = "client";
const value: AttributeValue = ["a"];
const attributes: Attributes = { text: "x", number: 1, flag: true, list: value };
const span: Span = startSpan("checkout", { kind, attributes });
const same: Span = span.setAttribute("n", 7).addEvent("paid", { by: "card" }).setStatus("error", "declined");
const result: Promise<Response> = span.run((s) => fetch("/api", { headers: { "x-trace": s.traceparent } }));
await result;
const duration: number = span.durationMs;
span.end();
same.end(duration);

const child: SpanOptions = { parent: span, startTime: performance.now() };
const json: SpanJSON = recordSpan("past", 10, 20, child).toJSON();
const code: "unset" | "ok" | "error" = json.status.code;
const counts: number = stats().held + stats().dropped + stats().rejected + stats().failures;
const running: boolean = stats().running;
console.log(running, code, json.events.map((e) => e.name), json.endTime?.toFixed(), counts);
await flushSpans();
