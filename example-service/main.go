// Command example-service is a complete Fastly Compute service, traced by Edgespan.
//
//	/                   greets
//	/api/data           fetches from the backend "backend"
//	/api/items/{id}     asks two backends at the same time and joins their answers
//	/api/products/{id}  reads a config store and a KV store
//	/api/prices/{id}    keeps an answer in the simple cache
//	/api/report         keeps an answer in the core cache; ?fresh purges it first
//	/api/orders         asks a backend with a token from a secret store
//	/healthz            answers; the configuration says not to trace it
//	/slow               takes its time, ?ms=300
//	/stream             sends its body in pieces
//	/panic              panics
//
// Each call of the platform is a span. What the service logs, with log/slog, leaves by an endpoint of its own, with the ids of the
// spans that it was logged in. How much is traced stands in the config store "tracing", and can be changed there at any time.
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
