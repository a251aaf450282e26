// Command remoteconfig is the traced handler with settings from a config store.
package main

import (
	"context"
	"fmt"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/remoteconfig"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() {
	remote := remoteconfig.New(remoteconfig.Config{Source: remoteconfig.ConfigStore("tracing")})
	tp := trace.NewTracerProvider(remote.Trace(trace.Config{Exporter: logendpoint.Open("otlp_logs")}))
	fsthttp.Serve(middleware.New(tp, remote.Middleware(middleware.Config{}))(fsthttp.HandlerFunc(handle)))
}

func handle(_ context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "hello from %s\n", r.URL.Path)
}
