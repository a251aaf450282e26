// Command example-service is a complete Fastly Compute service, traced by Edgespan.
//
//	/                greets
//	/api/data        fetches from the backend "backend"
//	/api/items/{id}  asks two backends at the same time and joins their answers
//	/slow            takes its time, ?ms=300
//	/stream          sends its body in pieces
//	/panic           panics
package main

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{
		ServiceName: "example-service",
		Exporter:    logendpoint.Open("otlp_logs"),
	})
	fsthttp.Serve(middleware.New(tp, middleware.Config{Route: route})(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	switch route(r) {
	case "/":
		greet(ctx, w, r)
	case "/api/data":
		data(ctx, w, r)
	case "/api/items/{id}":
		item(ctx, w, r)
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
