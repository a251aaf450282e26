//go:build wasip1 && !untraced

package main

import (
	"context"
	"log/slog"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

var read, send sender = middleware.SendBody, middleware.Send

func traced(h fsthttp.HandlerFunc) fsthttp.Handler {
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "faults", Exporter: logendpoint.Open("traces")})
	log := slog.New(slogspan.NewHandler(logendpoint.OpenWriter("logs")))
	return middleware.New(tp, middleware.Config{OnRequest: []func(*trace.Span, *fsthttp.Request){middleware.FaaS}})(
		fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			log.InfoContext(ctx, "asked", "path", r.URL.Path)
			h(ctx, w, r)
		}))
}
