package filestore_test

import (
	"context"
	"log"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/batch/filestore"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Traces that the Collector has not accepted when the program ends or crashes are sent when it runs again.
func Example() {
	store := filestore.Open("/var/lib/shop/spans.jsonl")
	defer store.Close() // after Shutdown
	processor := batch.New(batch.Config{
		Sink:  otlphttp.New(otlphttp.Config{URL: "http://localhost:4318", Transport: &nethttp.Transport{}}),
		Store: store,
	})
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: processor})
	defer func() {
		if err := processor.Shutdown(context.Background()); err != nil {
			log.Print("kept for the next time: ", err)
		}
	}()

	_, span := tp.Start(context.Background(), "work", trace.StartConfig{})
	span.End()
}
