package platform_test

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/platform/kvstore"
	"github.com/edgespan/edgespan/sdk/trace"
)

func Example() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		store, err := kvstore.Open(ctx, "products")
		if err != nil {
			fsthttp.Error(w, "no store", fsthttp.StatusInternalServerError)
			return
		}
		entry, err := store.Lookup("7") // a span "get products"
		if err != nil {
			fsthttp.NotFound(w, nil)
			return
		}
		_, _ = io.Copy(w, entry)
	})))
}
