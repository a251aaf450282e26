package otelexport_test

import (
	"context"
	"fmt"

	oteltracetest "go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/edgespan/edgespan/otelbridge/otelexport"
	"github.com/edgespan/edgespan/sdk/trace"
)

func ExampleNewExporter() {
	spanExporter := oteltracetest.NewInMemoryExporter() // in real life otlptracegrpc.New(ctx), or a vendor's
	exporter := otelexport.NewExporter(spanExporter)
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "jobs", Exporter: exporter})

	_, span := tp.Start(context.Background(), "nightly", trace.StartConfig{Attributes: []trace.Attribute{trace.Int("items", 3)}})
	span.End()

	for _, s := range spanExporter.GetSpans() {
		fmt.Println(s.Name, s.SpanKind, s.Attributes)
	}
	fmt.Println(exporter.Shutdown(context.Background()))
	// Output:
	// nightly internal [{"items":3}]
	// <nil>
}
