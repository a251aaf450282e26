package otlphttp_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/backend"
	"github.com/edgespan/edgespan/otlphttp/gzip"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
)

// A native program, and a receiver that prints what it gets.
func Example() {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("Content-Encoding"))
	}))
	defer receiver.Close()

	exporter := otlphttp.New(otlphttp.Config{
		URL:       receiver.URL, // a Collector listens on http://localhost:4318
		Headers:   map[string]string{"Authorization": "Bearer " + os.Getenv("TOKEN")},
		Transport: &nethttp.Transport{},
		Gzip:      gzip.Compress,
	})
	processor := batch.New(batch.Config{Sink: exporter})
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: processor})

	for range 3 {
		ctx, span := tp.Start(context.Background(), "order", trace.StartConfig{})
		_, child := trace.Start(ctx, "query")
		child.End()
		span.End()
	}
	if err := tp.Shutdown(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(processor.Stats().Sent, "spans in", exporter.Stats().Requests, "request")
	// Output:
	// POST /v1/traces application/json gzip
	// 6 spans in 1 request
}

// A Compute service that makes one POST for each request, after the client has its response.
func ExampleNew_compute() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: otlphttp.New(otlphttp.Config{
		URL:       "https://collector.example",
		Transport: backend.Named("collector"),
		Timeout:   3 * time.Second,
		Attempts:  1,
	})})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, _ = io.WriteString(w, "hello")
	})))
}

// A Compute service whose sandboxes serve many requests, and make one POST for many of them.
func ExampleNew_serveMany() {
	processor := batch.New(batch.Config{
		Mode: batch.Inline,
		Sink: otlphttp.New(otlphttp.Config{URL: "https://collector.example", Transport: backend.Named("collector")}),
	})
	tp := trace.NewTracerProvider(trace.Config{Exporter: processor})
	traced := middleware.New(tp)(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, _ = io.WriteString(w, "hello")
	}))
	middleware.ServeMany(tp, traced, &fsthttp.ServeManyOptions{NextTimeout: 5 * time.Second, MaxRequests: 100}) // which flushes in the end
}

// A function can be a transport: one that calls fetch, or one for a test.
func ExampleTransportFunc() {
	exporter := otlphttp.New(otlphttp.Config{
		URL: "https://collector.example",
		Transport: otlphttp.TransportFunc(func(_ context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
			fmt.Println("POST", r.URL)
			return otlphttp.Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no name"}}`)}, nil
		}),
	})
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter, OnError: func(err error) { fmt.Println(err) }})
	_, span := tp.Start(context.Background(), "", trace.StartConfig{})
	span.End()
	fmt.Println(exporter.Stats().RejectedSpans)
	// Output:
	// POST https://collector.example/v1/traces
	// otlphttp: the receiver has rejected spans: no name
	// 1
}
