package wasi_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

// A program keeps its spans in a file, and sends them later.
func Example() {
	folder, _ := os.MkdirTemp("", "wasi")
	defer os.RemoveAll(folder)

	// Use the transport of your runtime: nethttp.Transport in native programs, a host function in WebAssembly.
	transport := otlphttp.TransportFunc(func(_ context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
		fmt.Println("POST", r.URL)
		return otlphttp.Response{Status: 200}, nil
	})
	f := wasi.Open(filepath.Join(folder, "spans.jsonl"), wasi.Config{
		Sink: otlphttp.New(otlphttp.Config{URL: "http://localhost:4318", Transport: transport}),
	})
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "import", Exporter: f})

	_, span := tp.Start(context.Background(), "import", trace.StartConfig{})
	span.End()

	if err := tp.Flush(context.Background()); err != nil {
		fmt.Println("kept for the next time:", err)
	}
	fmt.Println("sent", f.Stats().SentSpans)
	// Output:
	// POST http://localhost:4318/v1/traces
	// sent 1
}
