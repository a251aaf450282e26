// Command edge is a service that records everything that only the edge knows, and sends it to the client. It supports B3 and
// baggage.
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
		Propagation: middleware.Propagate{Propagator: propagation.B3{}, Baggage: propagation.Baggage{}, BaggageTo: middleware.Backends("inventory")},
		OnRequest: []func(*trace.Span, *fsthttp.Request){
			middleware.FaaS, middleware.Sandbox, middleware.POP, middleware.TLS, middleware.Fingerprints, middleware.Bot, clientgeo.Record,
		},
		OnBackend: []func(*trace.Span, *fsthttp.Response){middleware.BackendInfo},
		BeforeEnd: []func(*trace.Span, *fsthttp.Request){middleware.SandboxUsage},
		OnHeaders: []func(context.Context, fsthttp.Header){
			middleware.ServerTiming, middleware.ServerTimingTotal, middleware.TraceResponse,
		},
	})(fsthttp.HandlerFunc(handle)))
}

func newTransport() *roundtrip.Transport {
	transport := roundtrip.NewTransport("backend")
	transport.Request = func(req *fsthttp.Request) error { req.CacheOptions.Pass = true; return nil }
	return transport
}

// countBody answers with the number of bytes in a backend's response.
func countBody(w io.Writer, body io.ReadCloser) {
	n, _ := io.Copy(io.Discard, body)
	_ = body.Close()
	fmt.Fprint(w, n)
}

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	switch r.URL.Path {
	case "/":
		w.Header().Set("Server-Timing", "own;dur=1")
		fmt.Fprintf(w, "trust header %q baggage %q\n", r.Header.Get("X-Trust"), baggage.FromContext(ctx).Get("tenant"))
	case "/body":
		resp, err := middleware.SendBody(ctx, request("http://backend.example/chunked"), "backend")
		if err != nil {
			fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
			return
		}
		countBody(w, resp.Body)
	case "/client":
		client := &http.Client{Transport: newTransport()}
		req, err := http.NewRequestWithContext(ctx, "GET", "http://backend.example/chunked", nil)
		if err != nil {
			panic(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
			return
		}
		countBody(w, resp.Body)
	case "/get": // without a context
		resp, err := (&http.Client{Transport: newTransport().WithContext(ctx)}).Get("http://backend.example/chunked")
		if err != nil {
			fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
			return
		}
		countBody(w, resp.Body)
	case "/path": // the URL is only a path
		req := request("/chunked")
		req.Header.Set("Host", "backend.example")
		resp, err := middleware.SendBody(ctx, req, "backend")
		if err != nil {
			fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
			return
		}
		countBody(w, resp.Body)
	case "/again": // the first backend is down; the second gets the client's request, and both are in the trace
		req := request("http://backend.example/data")
		req.Header = r.Header.Clone()
		_, err := middleware.Send(ctx, req, "down")
		resp, again := middleware.Resend(ctx, req.Clone(), "inventory", 1)
		if err == nil || again != nil {
			fsthttp.Error(w, fmt.Sprint(err, again), fsthttp.StatusBadGateway)
			return
		}
		_ = w.Append(resp.Body)
	default:
		fsthttp.NotFound(w, r)
	}
}

func request(url string) *fsthttp.Request {
	req, err := fsthttp.NewRequest("GET", url, nil)
	if err != nil {
		panic(err)
	}
	req.CacheOptions.Pass = true
	return req
}
