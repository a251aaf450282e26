package otelbridge_test

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// A service whose http.Client is instrumented with OpenTelemetry's otelhttp.
func Example_service() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	otel.SetTracerProvider(otelbridge.NewTracerProvider(tp))
	otel.SetTextMapPropagator(propagation.TraceContext{})
	client := http.Client{Transport: otelhttp.NewTransport(fsthttp.NewTransport("backend"))}

	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://backend.example/data", nil)
		resp, err := client.Do(req) // a CLIENT span below the middleware's
		if err != nil {
			w.WriteHeader(fsthttp.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		_, _ = io.Copy(w, resp.Body) // the span ends with the body
	})))
}

// The two APIs alternate. Each finds the other's span in the context.
func ExampleNewTracerProvider() {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	otel.SetTracerProvider(otelbridge.NewTracerProvider(tp))

	tracer := otel.Tracer("shop")
	ctx, request := tp.Start(context.Background(), "GET /items", trace.StartConfig{Kind: trace.SpanKindServer})
	ctx, query := tracer.Start(ctx, "query", oteltrace.WithAttributes(attribute.String("db.system.name", "sqlite")))
	_, parse := trace.Start(ctx, "parse")
	parse.End()
	query.End()
	request.End()

	fmt.Print(tracetest.Tree(exporter.Spans()))
	// Output:
	// GET /items [server]
	//   query [internal]
	//       db.system.name="sqlite"
	//     parse [internal]
}
