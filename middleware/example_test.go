package middleware_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

// printer is an exporter that prints the names of the spans.
type printer struct{}

func (printer) Export(_ context.Context, b *trace.Batch) error {
	for i := range b.Spans {
		fmt.Println(b.Spans[i].Kind, b.Spans[i].Name)
	}
	return nil
}

// get makes h serve a GET request.
func get(h fsthttp.Handler, url string) {
	r, err := fsthttp.NewRequest("GET", url, nil)
	if err != nil {
		panic(err)
	}
	h.ServeHTTP(context.Background(), fsttest.NewRecorder(), r)
}

// A complete traced service.
func Example() {
	handle := func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		_, span := trace.Start(ctx, "render") // a child of the request's span
		defer span.End()
		_, _ = io.WriteString(w, "hello")
	}
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(handle)))
}

func ExampleNew() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}})
	traced := middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		_, span := trace.Start(ctx, "render")
		defer span.End()
		_, _ = io.WriteString(w, "hello")
	}))
	get(traced, "https://shop.example/")
	// Output:
	// server GET
	// internal render
}

// A sandbox that serves many requests.
func ExampleNew_serveMany() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	traced := middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		_, _ = io.WriteString(w, "hello")
	}))
	fsthttp.ServeMany(traced, nil)
}

// Health checks are not traced. The platform's id of the request is recorded, and so are two headers.
func ExampleConfig() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	_ = middleware.New(tp, middleware.Config{
		Filter:         func(r *fsthttp.Request) bool { return r.URL.Path != "/healthz" },
		TrustParent:    middleware.SharedSecret("X-Edge-Auth", "from your secret store"),
		OnRequest:      []func(*trace.Span, *fsthttp.Request){middleware.FaaS},
		RequestHeaders: []string{"Accept-Language", "Authorization"}, // the second is recorded as REDACTED
		Redact:         []string{"iban"},
	})
}

// A request to a backend that continues the trace.
func ExampleSend() {
	handle := func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		req, err := fsthttp.NewRequest("GET", "https://api.example/items", nil)
		if err != nil {
			w.WriteHeader(fsthttp.StatusInternalServerError)
			return
		}
		resp, err := middleware.Send(ctx, req, "origin")
		if err != nil {
			w.WriteHeader(fsthttp.StatusBadGateway)
			return
		}
		w.WriteHeader(resp.StatusCode)
		_ = w.Append(resp.Body)
	}
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}})
	get(middleware.New(tp)(fsthttp.HandlerFunc(handle)), "https://shop.example/")
	// Output:
	// server GET
	// client GET
}

// A sandbox that serves many requests, with several traces to a line.
func ExampleServeMany() {
	handle := func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		_, _ = io.WriteString(w, "hello")
	}
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.OpenBatched("otlp_logs")})
	middleware.ServeMany(tp, middleware.New(tp)(fsthttp.HandlerFunc(handle)), &fsthttp.ServeManyOptions{NextTimeout: 2 * time.Second})
}

// A router that knows the route after it has matched the path.
func ExampleSetRoute() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}})
	get(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		if strings.HasPrefix(r.URL.Path, "/items/") {
			middleware.SetRoute(ctx, "/items/{id}")
		}
	})), "https://shop.example/items/7")
	// Output: server GET /items/{id}
}

// net/http's ServeMux, whose patterns are the routes.
func ExampleAdapt() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "item ", r.PathValue("id"))
	})
	tp := trace.NewTracerProvider(trace.Config{Exporter: printer{}})
	get(middleware.New(tp)(middleware.Adapt(mux)), "https://shop.example/items/7")
	// Output: server GET /items/{id}
}
