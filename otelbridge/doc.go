// Package otelbridge implements the OpenTelemetry trace API, go.opentelemetry.io/otel/trace, with Edgespan's tracer. Any
// library that is instrumented with that API then works in a Compute service, and its spans are exported in the same line as
// Edgespan's.
//
//	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
//	otel.SetTracerProvider(otelbridge.NewTracerProvider(tp)) // or pass it to the library
//	fsthttp.Serve(middleware.New(tp)(handler))
//
// Both APIs find the same innermost span in a context, no matter whether the middleware, trace.Start or an OpenTelemetry Tracer
// started it. To this end, [NewTracerProvider] calls trace.TracerProvider.Bridge, which makes the contexts of tp's spans return
// a value for OpenTelemetry's key too. A span that a Tracer starts is a *trace.Span behind OpenTelemetry's interface. Sampling,
// limits, keep rules, export, ids and times are those of tp.
//
// If a propagator has put a remote span context into the context (ContextWithRemoteSpanContext), the span begins a new local
// trace that continues the caller's trace. [Config.TrustParent] decides whether the caller's sampled flag counts.
//
// Some values of the OpenTelemetry API have no counterpart in Edgespan: a scope's schema URL and attributes are left out, and
// bytes, maps and lists of mixed types become text. docs/otel-bridge.md lists all differences.
//
// For the other direction, package otelexport exports Edgespan's spans with an OpenTelemetry SpanExporter. It requires the
// OpenTelemetry SDK; this package requires only the API.
package otelbridge
