// Command otelhttp is the service traced with Edgespan, with an http.Client that otelhttp instruments.
package main

import (
	"context"
	"io"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	client := http.Client{Transport: otelhttp.NewTransport(fsthttp.NewTransport("backend"), otelhttp.WithTracerProvider(otelbridge.NewTracerProvider(tp)))}
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		if resp, err := client.Get("http://backend.example/data"); err == nil {
			_, _ = io.Copy(w, resp.Body)
		}
	})))
}
