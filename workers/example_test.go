//go:build !js

package workers_test

import (
	"net/http"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
)

// The configuration comes from the environment; the program adds rules of its own.
func Example() {
	config := workers.FromEnv()
	config.Keep = trace.Keep{Errors: true, SlowerThan: time.Second}
	tp := trace.NewTracerProvider(config)
	workers.Serve(workers.New(tp, workers.Config{
		Filter: func(r *http.Request) bool { return r.URL.Path != "/health" },
		Redact: []string{"customer"},
	})(http.DefaultServeMux))
}

// The program names the collector instead of reading it from the environment.
func ExampleNewExporter() {
	exporter := workers.NewExporter(workers.ExporterConfig{
		URL:     "https://collector.example.com",
		Timeout: 5 * time.Second,
		Console: true,
	})
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: exporter})
	workers.Serve(workers.New(tp)(http.DefaultServeMux))
}
