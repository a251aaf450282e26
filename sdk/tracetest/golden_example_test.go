package tracetest_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// item is a handler of a Compute service.
func item(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	req, err := fsthttp.NewRequest("GET", "https://stock.example/7", nil)
	if err != nil {
		panic(err)
	}
	resp, err := middleware.Send(ctx, req, "stock")
	if err != nil {
		w.WriteHeader(fsthttp.StatusBadGateway)
		return
	}
	_, span := trace.Start(ctx, "render", trace.Int("items", 3))
	defer span.End()
	_, _ = io.Copy(w, resp.Body)
}

// Calls a handler natively, with fsttest. The test answers in place of its backend, and compares the spans with
// testdata/item.golden.
func ExampleAssertGolden() {
	test := func(t *testing.T) {
		exporter := tracetest.NewExporter()
		tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
		r, err := fsthttp.NewRequest("GET", "https://shop.example/items/7", nil)
		if err != nil {
			t.Fatal(err)
		}
		ctx := middleware.ContextWithBackends(context.Background(), func(*fsthttp.Request, string) (*fsthttp.Response, error) {
			return &fsthttp.Response{StatusCode: 200, Header: fsthttp.NewHeader(), Body: io.NopCloser(strings.NewReader("three items"))}, nil
		})
		middleware.New(tp)(fsthttp.HandlerFunc(item)).ServeHTTP(ctx, fsttest.NewRecorder(), r)

		tracetest.AssertGolden(t, "testdata/item.golden", exporter.Spans(), tracetest.Waterfall{
			Attributes: []string{"http.*", "url.*", "fastly.*", "items"},
			Steps:      true,
		})
	}
	t := new(testing.T)
	test(t)
	fmt.Println("failed:", t.Failed())
	// Output: failed: false
}

func ExampleWaterfall_Draw() {
	exporter := tracetest.NewExporter()
	handle(context.Background(), trace.NewTracerProvider(trace.Config{Exporter: exporter}))
	fmt.Print(tracetest.Waterfall{Attributes: []string{"server.*"}, Steps: true}.Draw(exporter.Spans()))
	// Output:
	// ====  GET /items/{id} [server] error "no stock"
	//  ==     fetch [client]
	//             server.address="stock.example"
}

func ExampleIDs() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: tracetest.NewExporter(), IDs: new(tracetest.IDs)})
	_, span := tp.Start(context.Background(), "work", trace.StartConfig{})
	fmt.Println(span.SpanContext().Traceparent())
	span.End()
	// Output: 00-00000000000000000000000000000001-0000000000000001-01
}

func ExampleNamed() {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	for range 2 {
		handle(context.Background(), tp)
	}
	fmt.Println(len(tracetest.Named(exporter.Spans(), "fetch")))
	// Output: 2
}

func ExampleOfKind() {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	handle(context.Background(), tp)
	for _, span := range tracetest.OfKind(exporter.Spans(), trace.SpanKindServer) {
		fmt.Println(span.Name)
	}
	// Output: GET /items/{id}
}
