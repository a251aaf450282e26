// Command bridge is the service with a child span that OpenTelemetry's API starts.
package main

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"go.opentelemetry.io/otel/attribute"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	tracer := otelbridge.NewTracerProvider(tp).Tracer("size")
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, span := tracer.Start(ctx, "render", oteltrace.WithAttributes(attribute.Int("n", 1)))
		defer span.End()
		_, _ = w.Write([]byte("hello\n"))
	})))
}
