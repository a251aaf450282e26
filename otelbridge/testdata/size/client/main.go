// Command client is the service traced with Edgespan, with an http.Client that is not instrumented.
package main

import (
	"context"
	"io"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

var client = http.Client{Transport: fsthttp.NewTransport("backend")}

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		if resp, err := client.Get("http://backend.example/data"); err == nil {
			_, _ = io.Copy(w, resp.Body)
		}
	})))
}
