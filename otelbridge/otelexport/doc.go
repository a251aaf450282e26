// Package otelexport exports Edgespan's spans with an OpenTelemetry SpanExporter, such as OTLP over gRPC, Zipkin or a vendor's
// own. It is for native programs.
//
//	e := otelexport.NewExporter(spanExporter)
//	tp := trace.NewTracerProvider(trace.Config{ServiceName: "jobs", Exporter: e})
//	…
//	err := tp.Shutdown(ctx) // at the end of the program
//
// When the root of a local trace ends, all of its spans are passed to ExportSpans in one call, before the root's End returns.
// If the SpanExporter sends over the network, End waits for it, up to [Config.Timeout].
//
// This package links the OpenTelemetry SDK; package otelbridge does not. In a Compute service use logendpoint instead.
package otelexport
