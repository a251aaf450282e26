// Command edge is a service that records all that only the edge knows, and tells the client. It understands B3 and baggage.
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/middleware/clientgeo"
	"github.com/edgespan/edgespan/middleware/roundtrip"
	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "edge", Exporter: logendpoint.Open("otlp_logs")})
	fsthttp.Serve(middleware.New(tp, middleware.Config{
		TrustParent: middleware.SharedSecret("X-Trust", "open sesame"),
		Propagation: middleware.Propagate{Propagator: propagation.B3{}, Baggage: propagation.Baggage{}, BaggageTo: middleware.Backends("stock")},
		OnRequest: []func(*trace.Span, *fsthttp.Request){
			middleware.FaaS, middleware.Sandbox, middleware.POP, middleware.TLS, middleware.Fingerprints, middleware.Bot, clientgeo.Record,
		},
		BeforeEnd: []func(*trace.Span, *fsthttp.Request){middleware.SandboxUsage},
		OnHeaders: []func(context.Context, fsthttp.Header){
			middleware.ServerTiming, middleware.ServerTimingTotal, middleware.TraceResponse,
		},
	})(fsthttp.HandlerFunc(handle)))
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	switch r.URL.Path {
	case "/":
		w.Header().Set("Server-Timing", "own;dur=1")
		fmt.Fprintf(w, "trust header %q baggage %q\n", r.Header.Get("X-Trust"), baggage.FromContext(ctx).Get("tenant"))
	case "/body":
		req, err := fsthttp.NewRequest("GET", "http://backend.example/stream", nil)
		if err != nil {
			panic(err)
		}
		resp, err := middleware.SendBody(ctx, req, "backend")
		if err != nil {
			fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
			return
		}
		n, _ := io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		fmt.Fprint(w, n)
	case "/client":
		client := &http.Client{Transport: roundtrip.NewTransport("backend")}
		req, err := http.NewRequestWithContext(ctx, "GET", "http://backend.example/", nil)
		if err != nil {
			panic(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		fmt.Fprint(w, resp.StatusCode)
	default:
		fsthttp.NotFound(w, r)
	}
}
