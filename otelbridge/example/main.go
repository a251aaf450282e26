// Command example is a Compute service that contains code instrumented with OpenTelemetry: an http.Client with otelhttp's
// transport, and a library that calls the OpenTelemetry API. Edgespan traces both. All spans of a request are exported in one
// line.
package main

import (
	"context"
	"io"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/otelbridge"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "otel-bridge", Exporter: logendpoint.Open("otlp_logs")})
	otel.SetTracerProvider(otelbridge.NewTracerProvider(tp))
	otel.SetTextMapPropagator(propagation.TraceContext{})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	var err error
	switch r.URL.Path {
	case "/client":
		err = client(ctx, w)
	case "/library":
		library(ctx, w)
	case "/both":
		err = both(ctx, w)
	default:
		w.WriteHeader(fsthttp.StatusNotFound)
	}
	if err != nil {
		trace.SpanFromContext(ctx).RecordError(err)
		w.WriteHeader(fsthttp.StatusBadGateway)
	}
}

// httpClient sends to the backend named "backend". otelhttp's span ends when the body has been read to its end.
var httpClient = http.Client{Transport: otelhttp.NewTransport(fsthttp.NewTransport("backend"))}

// client sends a backend request with net/http only, as code does that was not written for Compute.
func client(ctx context.Context, w fsthttp.ResponseWriter) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://backend.example/data?page=1", nil)
	if err != nil {
		return err
	}
	resp, err := httpClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(w, resp.Body)
	return err
}

// both alternates between the two APIs. Each finds the other's span in the context.
func both(ctx context.Context, w fsthttp.ResponseWriter) error {
	ctx, native := trace.Start(ctx, "native")
	defer native.End()
	ctx, span := otel.Tracer("example.com/library").Start(ctx, "library")
	defer span.End()

	ctx, below := trace.Start(ctx, "native below")
	defer below.End()
	req, err := fsthttp.NewRequest("GET", "http://backend.example/data", nil)
	if err != nil {
		return err
	}
	resp, err := middleware.Send(ctx, req, "backend")
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	return client(ctx, w)
}
