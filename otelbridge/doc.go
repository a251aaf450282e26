// Package otelbridge is the OpenTelemetry API on Edgespan's tracer, so that any library that is instrumented with
// go.opentelemetry.io/otel/trace works in a Compute service, and its spans leave in the same line as everybody else's.
//
//	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
//	otel.SetTracerProvider(otelbridge.NewTracerProvider(tp)) // or hand it to the library
//	fsthttp.Serve(middleware.New(tp)(handler))
//
// The way of one span: [NewTracerProvider] tells tp, by trace.TracerProvider.Bridge, that the contexts of its spans answer to
// OpenTelemetry's key as well. So both APIs find the same innermost span in a context, whoever started it: the
// middleware's, one of trace.Start, or one of a Tracer. Tracer.Start finds the parent there, turns the options into a
// trace.StartConfig and starts a *trace.Span; what the caller gets is that span behind OpenTelemetry's interface. Sampling,
// limits, keep rules and export are tp's, as are ids and times.
//
// A parent that a propagator has read from a request (ContextWithRemoteSpanContext) begins a new local trace that continues
// the caller's. Whether its sampled flag may be followed is [Config.TrustParent]'s to say.
//
// What OpenTelemetry can say and Edgespan cannot write is listed in docs/otel-bridge.md: a scope's schema URL and
// attributes are left out; bytes, maps and mixed lists become text.
//
// The other way, an OpenTelemetry SpanExporter as Edgespan's exporter, is package otelexport. It needs the OpenTelemetry
// SDK; this package needs the API alone.
package otelbridge
