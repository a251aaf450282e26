// Command batched is the traced handler in a sandbox that serves many requests, with several traces per line.
package main

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.OpenBatched("otlp_logs")})
	middleware.ServeMany(tp, middleware.New(tp)(fsthttp.HandlerFunc(handle)), nil)
}

func handle(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "hello from %s\n", r.URL.Path)
}
