// Package trace is Edgespan's tracer: it makes spans, samples them, and hands the finished spans of each request to an
// exporter.
//
// A program makes one [TracerProvider] and starts the root span of each request with it. Everything below finds its parent in
// the context:
//
//	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: logendpoint.Open("otlp_logs")})
//
//	ctx, root := tp.StartRoot(ctx, "GET /cart", nil) // on Fastly Compute, package middleware does this
//	defer root.End()
//
//	ctx, span := trace.Start(ctx, "price.lookup", trace.String("sku", sku))
//	defer span.End()
//
// The root and its descendants are a local trace: the part of a trace that this process makes. [Start] and [StartWith] make a
// child of the span that the context carries, so there is no global provider and no tracer to pass along. A [Span] takes
// attributes, events, links, errors and a status until it ends.
//
// # From start to export
//
//   - The [Sampler] is asked when the root starts.
//   - The spans are recorded in storage that belongs to the local trace.
//   - When the root ends, the [Keep] rules are asked. They can keep a trace that the sampler did not choose.
//   - The whole local trace goes to the [Exporter] in one call, as a [Batch] of [SpanData]. A span that ends after its root is
//     exported by itself when it ends.
//   - The storage is used again for another request. A Span that is kept from an earlier request does nothing from then on.
//
// # Failures, concurrency, specifications
//
// Tracing does not break a request. A nil *TracerProvider and a nil *Span accept every call and do nothing. Data above a limit
// is dropped and counted, see [Limits]. Errors and panics of an exporter, sampler or other plugged-in code go to
// [Config.OnError]. All methods may be called from any goroutine.
//
// Names and semantics follow OpenTelemetry, https://opentelemetry.io/docs/specs/otel/trace/. The context that crosses processes
// follows W3C Trace Context level 2, https://www.w3.org/TR/trace-context-2/.
package trace
