// Command api is the service traced with Edgespan, and with OpenTelemetry's API on its no-op provider.
package main

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"go.opentelemetry.io/otel/attribute"
	oteltrace "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"

	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	tracer := noop.NewTracerProvider().Tracer("size")
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, span := tracer.Start(ctx, "render", oteltrace.WithAttributes(attribute.Int("n", 1)))
		defer span.End()
		_, _ = w.Write([]byte("hello\n"))
	})))
}
