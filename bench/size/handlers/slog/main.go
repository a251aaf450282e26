// Command slog is the traced handler that also logs a record with log/slog.
package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	logs := slogspan.NewHandler(logendpoint.OpenWriter("logs"), slogspan.Config{Provider: tp})
	slog.SetDefault(slog.New(logs))
	fsthttp.Serve(middleware.New(tp, middleware.Config{AfterResponse: []func(context.Context){logs.AfterResponse()}})(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	w.Header().Set("Content-Type", "text/plain")
	slog.InfoContext(ctx, "hello")
	fmt.Fprintf(w, "hello from %s\n", r.URL.Path)
}
