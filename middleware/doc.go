// Package middleware traces Fastly Compute services. It records a SERVER span for each request that an [fsthttp.Handler]
// serves, and a CLIENT span for each request that the handler sends to a backend.
//
//	func main() {
//		tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: logendpoint.Open("otlp_logs")})
//		fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(handle)))
//	}
//
//	func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
//		resp, err := middleware.Send(ctx, req, "backend")
//		…
//	}
//
// [New] returns the middleware. For each request it reads traceparent and tracestate, starts the span, and calls the handler
// with the span in its context. When the handler returns, the middleware closes the response, so that the client has all of it.
// Only then does it end the span and export the trace.
//
// The handler sees the same behaviour of fsthttp as without the middleware, whether it sends early hints, trailers or nothing,
// closes the response itself, appends a body, hands the request off, or panics. Make this middleware the outermost one, so that
// it sees all of that. What another middleware outside of it writes after this one has returned is lost, since the response is
// closed by then, and such a write returns an error.
//
// The middleware does not close two kinds of responses, because the platform has to: the response of a handler that sends
// nothing, which may have handed the request off, and the response of a handler that panics or ends its goroutine. The platform
// closes them after the export. A slow exporter delays them, but writing to a log endpoint takes too little time for a client to
// notice.
//
// Attributes and span names follow the stable HTTP semantic conventions,
// https://opentelemetry.io/docs/specs/semconv/http/http-spans/. Secrets in URLs and headers are redacted, see [Config.Redact].
package middleware
