// Package otelexport exports Edgespan's spans by an OpenTelemetry SpanExporter: OTLP over gRPC, Zipkin, a vendor's own, for
// programs that run natively and have one.
//
//	e := otelexport.NewExporter(spanExporter)
//	tp := trace.NewTracerProvider(trace.Config{ServiceName: "jobs", Exporter: e})
//	…
//	err := tp.Shutdown(ctx) // at the end of the program
//
// A local trace goes to ExportSpans in one call, when its root ends and before its End returns: a SpanExporter that sends
// over the network keeps the caller of End waiting for it, up to [Config.Timeout].
//
// It brings the OpenTelemetry SDK, which package otelbridge alone does not. In a Compute service use logendpoint.
package otelexport
