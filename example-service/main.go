// Command example-service is a complete Fastly Compute service, traced by Edgespan.
//
//	/                   greets
//	/api/data           fetches from the backend "backend"
//	/api/items/{id}     asks two backends at the same time and joins their answers
//	/api/products/{id}  reads a config store and a KV store
//	/api/prices/{id}    keeps an answer in the simple cache
//	/api/report         keeps an answer in the core cache; ?fresh purges it first
//	/api/orders         sends a token from a secret store to a backend
//	/healthz            answers; the configuration excludes it from tracing
//	/slow               takes as many milliseconds as ?ms=300 says
//	/stream             sends its body in pieces
//	/panic              panics
//
// Each call to the platform is a span. Log records, written with log/slog, go to a log endpoint of their own, with the ids of
// the span in which they were logged. The config store "tracing" has the sampling settings, which you can change without a
// deployment.
package main

import (
	"context"
	"io"
	"log/slog"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/remoteconfig"
	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	remote := remoteconfig.New(remoteconfig.Config{Source: remoteconfig.ConfigStore("tracing")})
	tp := trace.NewTracerProvider(remote.Trace(trace.Config{
		ServiceName: "example-service",
		Exporter:    logendpoint.Open("otlp_logs"),
	}))
	logs := slogspan.NewHandler(logendpoint.OpenWriter("app_logs"), slogspan.Config{Provider: tp})
	slog.SetDefault(slog.New(logs))
	fsthttp.Serve(middleware.New(tp, remote.Middleware(middleware.Config{
		Route:         route,
		AfterResponse: []func(context.Context){logs.AfterResponse()},
	}))(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	switch route(r) {
	case "/":
		greet(ctx, w, r)
	case "/api/data":
		data(ctx, w, r)
	case "/api/items/{id}":
		item(ctx, w, r)
	case "/api/products/{id}":
		product(ctx, w, r)
	case "/api/prices/{id}":
		price(ctx, w, r)
	case "/api/report":
		report(ctx, w, r)
	case "/api/orders":
		orders(ctx, w, r)
	case "/healthz":
		_, _ = io.WriteString(w, "ok\n")
	case "/slow":
		slow(ctx, w, r)
	case "/stream":
		stream(ctx, w, r)
	case "/panic":
		panic("example: this handler always panics")
	default:
		fsthttp.NotFound(w, r)
	}
}
