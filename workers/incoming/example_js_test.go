package incoming_test

import (
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/incoming"
)

// Each request's span records where the request came from.
func ExampleProperties() {
	tp := trace.NewTracerProvider(workers.FromEnv())
	workers.Serve(workers.New(tp, workers.Config{
		OnRequest: []func(*trace.Span, *http.Request){incoming.Properties},
	})(http.DefaultServeMux))
}
