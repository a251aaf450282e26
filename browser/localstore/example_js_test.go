package localstore_test

import (
	"github.com/edgespan/edgespan/browser/localstore"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/fetch"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Traces of a Go program in a page. What a page could not send, the next one does.
func Example() {
	processor := batch.New(batch.Config{
		Sink:     otlphttp.New(otlphttp.Config{URL: "https://collector.example", Transport: fetch.Transport{}}),
		Store:    localstore.Open("shop"),
		MaxSpans: 1000,
	})
	_ = trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: processor})
}
