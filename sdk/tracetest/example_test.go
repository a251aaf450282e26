package tracetest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// handle is the code to be tested.
func handle(ctx context.Context, tp *trace.TracerProvider) {
	ctx, span := tp.Start(ctx, "GET /items/{id}", trace.StartConfig{Kind: trace.SpanKindServer})
	defer span.End()
	_, fetch := trace.StartWith(ctx, "fetch", trace.StartConfig{Kind: trace.SpanKindClient})
	fetch.SetAttributes(trace.String("server.address", "stock.example"))
	fetch.End()
	span.RecordError(errors.New("no stock"))
	span.SetStatus(trace.StatusError, "no stock")
}

// Checks the spans of a handler: their parents, times, attributes, status and events.
func Example() {
	test := func(t *testing.T) {
		exporter := tracetest.NewExporter()
		handle(context.Background(), trace.NewTracerProvider(trace.Config{Exporter: exporter}))

		spans := exporter.Spans()
		server, fetch := tracetest.Span(t, spans, "GET /items/{id}"), tracetest.Span(t, spans, "fetch")
		tracetest.AssertChildOf(t, fetch, server)
		tracetest.AssertNested(t, spans)
		tracetest.AssertAttributes(t, fetch, trace.String("server.address", "stock.example"))
		tracetest.AssertNoAttribute(t, fetch, "error.type")
		tracetest.AssertStatus(t, server, trace.StatusError, "no stock")
		tracetest.AssertEvent(t, server, "exception", trace.String("exception.message", "no stock"))
	}
	t := new(testing.T)
	test(t)
	fmt.Println("failed:", t.Failed())
	// Output: failed: false
}

// Compares all spans of a request with a text.
func ExampleTree() {
	exporter := tracetest.NewExporter()
	handle(context.Background(), trace.NewTracerProvider(trace.Config{Exporter: exporter}))
	fmt.Print(tracetest.Tree(exporter.Spans()))
	// Output:
	// GET /items/{id} [server] error "no stock"
	//     event exception exception.message="no stock" exception.type="*errors.errorString"
	//   fetch [client]
	//       server.address="stock.example"
}

// With a clock and ids of the test, a span is the same in each run.
func ExampleClock() {
	exporter, clock := tracetest.NewExporter(), tracetest.NewClock()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter, Clock: clock.Now, IDs: new(tracetest.IDs)})

	_, span := tp.Start(context.Background(), "work", trace.StartConfig{})
	clock.Advance(1500 * time.Microsecond)
	span.End()

	d := exporter.Spans()[0]
	fmt.Println(d.SpanContext.TraceID, d.SpanContext.SpanID, d.Start, time.Duration(d.End-d.Start))
	// Output: 00000000000000000000000000000001 0000000000000001 1700000000000000000 1.5ms
}

// Waits for spans that end in other goroutines.
func ExampleExporter_WaitFor() {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	go handle(context.Background(), tp)
	fmt.Println(len(exporter.WaitFor(new(testing.T), 2)))
	// Output: 2
}
