package logendpoint_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Writes lines of OTLP/JSON to the log endpoint with the name otlp_logs.
func ExampleOpen() {
	tp := trace.NewTracerProvider(trace.Config{
		ServiceName: "shop",
		Exporter:    logendpoint.Open("otlp_logs"),
	})
	_, span := tp.Start(context.Background(), "request", trace.StartConfig{})
	defer span.End()
}

// Writes one small object for each span, for log stores and SQL.
func ExampleOpen_compact() {
	endpoint := logendpoint.Open("spans", logendpoint.Config{Format: compact.Append, LineLimit: 8_000})
	_ = trace.NewTracerProvider(trace.Config{Exporter: endpoint})
}

// withoutAddresses leaves out the client's address. It embeds the endpoint's concrete type, so that it detects the resource of
// the sandbox, too.
type withoutAddresses struct{ *logendpoint.Endpoint }

func (e withoutAddresses) Export(ctx context.Context, b *trace.Batch) error {
	for i := range b.Spans {
		b.Spans[i].Attributes = slices.DeleteFunc(b.Spans[i].Attributes, func(a trace.Attribute) bool {
			return a.Key == "client.address"
		})
	}
	return e.Endpoint.Export(ctx, b)
}

// An exporter that wraps the endpoint and leaves out an attribute.
func ExampleEndpoint_Export() {
	tp := trace.NewTracerProvider(trace.Config{
		ServiceName: "shop",
		Exporter:    withoutAddresses{logendpoint.Open("otlp_logs")},
	})
	_, span := tp.Start(context.Background(), "request", trace.StartConfig{})
	defer span.End()
}

// Writes several traces to a line, in a sandbox that serves many requests. middleware.ServeMany has them written in time.
func ExampleOpenBatched() {
	handle := func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { fmt.Fprintln(w, "hello") }
	tp := trace.NewTracerProvider(trace.Config{
		ServiceName: "shop",
		Exporter:    logendpoint.OpenBatched("otlp_logs", logendpoint.BatchConfig{Traces: 50, Age: 2 * time.Second}),
	})
	middleware.ServeMany(tp, middleware.New(tp)(fsthttp.HandlerFunc(handle)), &fsthttp.ServeManyOptions{NextTimeout: 2 * time.Second})
}

// With an invalid name the service still works. The error is reported once, and the spans are counted.
func ExampleEndpoint_Stats() {
	endpoint := logendpoint.Open("stdout")
	tp := trace.NewTracerProvider(trace.Config{
		Exporter: endpoint,
		OnError:  func(err error) { fmt.Fprintln(os.Stdout, err) },
	})
	for range 3 {
		_, span := tp.Start(context.Background(), "request", trace.StartConfig{})
		span.End()
	}
	fmt.Println(endpoint.Stats().DroppedSpans, "spans dropped")
	// Output:
	// logendpoint: no log endpoint can have the name "stdout": it is empty, stdout or stderr, or has a newline or a colon; use the name that it has in the service's settings
	// 3 spans dropped
}

// Logs need an endpoint of their own. Here log/slog writes its own JSON; sdk/slogspan adds the trace.
func ExampleOpenWriter() {
	logger := slog.New(slog.NewJSONHandler(logendpoint.OpenWriter("logs"), nil))
	logger.Info("started")
}
