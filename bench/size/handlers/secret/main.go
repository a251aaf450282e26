// Command secret is the traced handler with a read of a secret store.
package main

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/platform/secretstore"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "hello from %s\n", r.URL.Path)
	value, err := secretstore.Plaintext(ctx, "s", "k")
	fmt.Fprintln(w, len(value), err)
}
