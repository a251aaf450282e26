// Command cache is the traced handler with a lookup in the core cache.
package main

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/platform/cache/core"
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
	if found, err := core.Lookup(ctx, []byte("k"), core.LookupOptions{}); err == nil {
		fmt.Fprintln(w, found.Age)
	}
}
