package remoteconfig_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/remoteconfig"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// A complete service whose tracing is controlled by the item "edgespan" of the config store "tracing".
func Example() {
	handle := func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		_, _ = fmt.Fprintln(w, "hello")
	}
	remote := remoteconfig.New(remoteconfig.Config{Source: remoteconfig.ConfigStore("tracing")})
	tp := trace.NewTracerProvider(remote.Trace(trace.Config{
		Exporter: logendpoint.Open("otlp_logs"),
		Sampler:  trace.Ratio(0.01), // applies unless the document has a ratio
	}))
	fsthttp.Serve(middleware.New(tp, remote.Middleware(middleware.Config{
		Route: route,
	}))(fsthttp.HandlerFunc(handle)))
}

// route returns one route for all items, and none for unknown paths.
func route(r *fsthttp.Request) string {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/items/"):
		return "/items/{id}"
	case path == "/healthz":
		return path
	}
	return ""
}

// A Source can be any function. Here the document changes between two requests.
func ExampleNew() {
	document := `{"routes": {"/healthz": 0}}`
	remote := remoteconfig.New(remoteconfig.Config{Source: func(string) (string, error) { return document, nil }})
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(remote.Trace(trace.Config{Exporter: exporter}))
	traced := middleware.New(tp, remote.Middleware(middleware.Config{
		Route: route,
	}))(fsthttp.HandlerFunc(func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		w.WriteHeader(503)
	}))
	get := func(path string) {
		r, _ := fsthttp.NewRequest("GET", "https://shop.example"+path, nil)
		traced(context.Background(), fsttest.NewRecorder(), r)
	}

	get("/healthz")
	get("/items/7")
	document = `{"ratio": 0, "keep": {"rules": [{"route": "/healthz", "status": "5xx"}]}}`
	_ = remote.Reload() // or wait for Config.Refresh
	get("/healthz")
	get("/items/7")
	for _, span := range exporter.Spans() {
		fmt.Println(span.Name)
	}
	// Output:
	// GET /items/{id}
	// GET /healthz
}

func ExampleCheck() {
	fmt.Println(remoteconfig.Check(`{"ratio": 0.05, "keep": {"errors": true}}`))
	fmt.Println(remoteconfig.Check(`{"ratio": 5}`))
	// Output:
	// <nil>
	// remoteconfig: ratio: want a number from 0 to 1, got 5
}
