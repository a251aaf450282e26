package clientgeo_test

import (
	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/middleware/clientgeo"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Records the country and the network of the client on each request's span.
func ExampleRecord() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	_ = middleware.New(tp, middleware.Config{
		OnRequest: []func(*trace.Span, *fsthttp.Request){clientgeo.Record},
	})
}
