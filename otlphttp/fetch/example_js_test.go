package fetch_test

import (
	"context"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/fetch"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Spans of a page that are sent together.
func ExampleTransport() {
	processor := batch.New(batch.Config{Sink: otlphttp.New(otlphttp.Config{
		URL:       "https://collector.example",
		Transport: fetch.Transport{},
	})})
	defer func() { _ = processor.Shutdown(context.Background()) }()
	_ = trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: processor})
}
