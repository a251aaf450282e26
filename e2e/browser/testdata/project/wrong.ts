import { initTracer, startSpan } from "@edgespan/browser";

// @ts-expect-error there has to be a Collector
initTracer();
// @ts-expect-error a name that no option has
initTracer("/", { sampleRate: 1 });
// @ts-expect-error OpenTelemetry has no type for it
startSpan("x").setAttribute("when", new Date());
// @ts-expect-error no such status
startSpan("x").setStatus("failed");
// @ts-expect-error a span is made by startSpan
startSpan("x").traceparent = "";
