// Command traced-backend is untraced-backend traced with Edgespan: a client span, a child span, and propagation to the backend.
package main

import (
	"context"
	"io"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/fastly/compute-sdk-go/fsthttp"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	resp, err := middleware.Send(ctx, r, "backend")
	if err != nil {
		fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
		return
	}
	_, span := trace.Start(ctx, "copy", trace.Int("status", resp.StatusCode))
	defer span.End()
	w.Header().Reset(resp.Header)
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}
