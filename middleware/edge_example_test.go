package middleware_test

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/propagation"
	"github.com/edgespan/edgespan/sdk/trace"
)

// All functions of this package that Config can name: attributes that only the edge knows, headers for the client, and
// attributes of backends.
func ExampleConfig_edge() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	_ = middleware.New(tp, middleware.Config{
		OnRequest: []func(*trace.Span, *fsthttp.Request){middleware.FaaS, middleware.Sandbox, middleware.POP, middleware.TLS},
		OnBackend: []func(*trace.Span, *fsthttp.Response){middleware.BackendInfo},
		BeforeEnd: []func(*trace.Span, *fsthttp.Request){middleware.SandboxUsage},
		OnHeaders: []func(context.Context, fsthttp.Header){middleware.ServerTiming, middleware.ServerTimingTotal},
	})
}

// Baggage is read from requests, and goes to one backend. Other backends get neither baggage nor a traceparent.
func ExamplePropagate() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	_ = middleware.New(tp, middleware.Config{
		TrustParent: middleware.SharedSecret("X-Edge-Auth", "from your secret store"),
		Propagation: middleware.Propagate{
			Propagator: propagation.B3{Multi: true}, // the default is W3C Trace Context
			ContextTo:  middleware.Backends("origin", "inventory"),
			Baggage:    propagation.Baggage{},
			BaggageTo:  middleware.Backends("origin"),
		},
	})
}

// The span lasts until the body has been read, and has the body's size.
func ExampleSendBody() {
	handle := func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		req, err := fsthttp.NewRequest("GET", "https://api.example/report", nil)
		if err != nil {
			panic(err)
		}
		resp, err := middleware.SendBody(ctx, req, "origin")
		if err != nil {
			w.WriteHeader(fsthttp.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		_, _ = io.Copy(w, resp.Body)
	}
	_ = handle
}

// A failed request is sent again, once. The second span has the attribute http.request.resend_count.
func ExampleResend() {
	ask := func(ctx context.Context, req *fsthttp.Request) (*fsthttp.Response, error) {
		again := req.Clone() // a Request can be sent only once
		resp, err := middleware.Send(ctx, req, "origin")
		if err != nil {
			return middleware.Resend(ctx, again, "fallback", 1)
		}
		return resp, nil
	}
	_ = ask
}

// The shield trusts requests from the edge, and no others.
func ExampleShieldHop() {
	tp := trace.NewTracerProvider(trace.Config{Exporter: logendpoint.Open("otlp_logs")})
	_ = middleware.New(tp, middleware.Config{
		TrustParent: middleware.ShieldHop("qZarR/12OL0QOq4VyQPmqQ/CTp17AZv0d6cSG5nUSxU="), // the hash of your service, from Fastly-FF
	})
}
