package middleware_test

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// What only the edge knows, what the client is told, and what backends get: each by name.
func ExampleConfig_edge() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	_ = middleware.New(tp, middleware.Config{
		OnRequest: []func(*trace.Span, *fsthttp.Request){middleware.FaaS, middleware.Sandbox, middleware.POP, middleware.TLS},
		BeforeEnd: []func(*trace.Span, *fsthttp.Request){middleware.SandboxUsage},
		OnHeaders: []func(context.Context, fsthttp.Header){middleware.ServerTiming, middleware.ServerTimingTotal},
	})
}

// Baggage comes in, and goes to one backend; a third party gets neither it nor a traceparent.
func ExamplePropagate() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	_ = middleware.New(tp, middleware.Config{
		TrustParent: middleware.SharedSecret("X-Edge-Auth", "from your secret store"),
		Propagation: middleware.Propagate{
			Propagator: propagation.B3{Multi: true}, // W3C Trace Context by default
			ContextTo:  middleware.Backends("origin", "inventory"),
			Baggage:    propagation.Baggage{},
			BaggageTo:  middleware.Backends("origin"),
		},
	})
}
