// Package middleware traces Fastly Compute services: a SERVER span round an fsthttp.Handler, and CLIENT spans round the
// requests that it sends to backends.
//
//	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(handle)))
//
//	func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
//		resp, err := middleware.Send(ctx, req, "backend")
//		…
//	}
//
// New reads traceparent and tracestate, starts the span, and calls the handler with the span in its context. When the
// handler returns, the response is closed, so that the client has all of it; then the span ends and is exported. The
// handler sees the behaviour of fsthttp, whether it sends early hints, trailers or nothing, closes the response itself,
// appends a body, hands the request off, or panics. For that, the middleware should be the outermost one.
//
// Two responses are the platform's to close, behind the export: that of a handler that sends nothing, which may have handed the request
// off, and that of one that panics. A slow exporter holds these two up; a log endpoint takes no time that a client could notice.
//
// Names are those of the stable HTTP conventions, https://opentelemetry.io/docs/specs/semconv/http/http-spans/. Secrets do
// not leave in a span: see [Config.Redact].
package middleware
