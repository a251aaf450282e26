//go:build !untraced

package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

// traced wraps the handler in the middleware.
func traced(h fsthttp.Handler) fsthttp.Handler {
	tp := trace.NewTracerProvider(trace.Config{
		ServiceName: "kinds",
		Exporter:    slowExporter{logendpoint.Open("otlp_logs")},
	})
	return middleware.New(tp, middleware.Config{OnRequest: []func(*trace.Span, *fsthttp.Request){middleware.FaaS}})(h)
}

// slowExporter takes two seconds for requests with a certain path.
type slowExporter struct{ *logendpoint.Endpoint }

func (e slowExporter) Export(ctx context.Context, b *trace.Batch) error {
	path, _ := b.Spans[0].Attribute("url.path")
	if strings.HasPrefix(path.Str(), "/slow-export/") {
		time.Sleep(2 * time.Second)
	}
	return e.Endpoint.Export(ctx, b)
}

func send(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	return middleware.Send(ctx, req, backend)
}

func handoffWebsocket(ctx context.Context, r *fsthttp.Request, backend string) error {
	return middleware.HandoffWebsocket(ctx, r, backend)
}

func handoffFanout(ctx context.Context, r *fsthttp.Request, backend string) error {
	return middleware.HandoffFanout(ctx, r, backend)
}

func adapt(h http.Handler) fsthttp.Handler { return middleware.Adapt(h) }
