package backend_test

import (
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/backend"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The receiver is a backend of the service.
func ExampleNamed() {
	_ = trace.NewTracerProvider(trace.Config{Exporter: otlphttp.New(otlphttp.Config{
		URL:       "https://collector.example",
		Transport: backend.Named("collector"),
	})})
}
