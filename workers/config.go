package workers

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures the middleware. The zero value traces every request.
//
// The middleware calls the functions of a Config from the goroutine that serves the request. A panic in one of them is reported
// to the provider's OnError, and the request continues as if the function were not set.
type Config struct {
	// Filter reports whether to trace a request. If it is nil, every request is traced. A request that is not traced reaches
	// the handler unchanged. Propagation still applies to the requests that its handler sends.
	Filter func(r *http.Request) bool

	// Route returns the template of the request's path, such as "/items/{id}", or "" if there is none. It becomes the attribute
	// http.route and part of the span's name. You do not need it for net/http's ServeMux, whose pattern the middleware finds by
	// itself. A handler can set the route later with [SetRoute].
	Route func(r *http.Request) string

	// TrustParent reports whether the sender of a request may decide on sampling, with the sampled flag of its traceparent and
	// the threshold in its tracestate. If it is nil, no sender may, since anybody can send these headers. The trace is
	// continued in either case.
	TrustParent func(r *http.Request) bool

	// Propagation is a [Propagate]: the formats of the trace's context and baggage, and the outgoing requests that get them. If
	// it is nil, every request that the wrapper packages send carries W3C Trace Context, and the headers of other formats and
	// of baggage are not touched.
	Propagation Propagation

	// OnRequest functions are called before the handler, with the server span of each request that is recorded. Use
	// incoming.Properties or functions of your own.
	OnRequest []func(span *trace.Span, r *http.Request)

	// OnHeaders functions are called once per response, before its first byte is sent, and may add headers to h. ctx carries
	// the server span. Use [ServerTiming], [TraceResponse] or functions of your own.
	OnHeaders []func(ctx context.Context, h http.Header)

	// RequestHeaders and ResponseHeaders name headers to record, as http.request.header.<name> and http.response.header.<name>.
	// The values of headers that carry credentials are recorded as REDACTED unless Reveal names them.
	RequestHeaders  []string
	ResponseHeaders []string

	// Redact names additional query parameters and headers whose values are recorded as REDACTED. The parameters that the
	// OpenTelemetry conventions call sensitive and the usual names of secrets are always redacted: token, access_token,
	// api_key, password, secret, signature, code, Authorization, Cookie and similar names. Case, '-' and '_' make no
	// difference. If a parameter's value is itself a URL, its parameters are redacted too, unless the URL is percent-encoded.
	Redact []string
	// Reveal names query parameters and headers that are recorded as they are, even if their names look like those of secrets.
	Reveal []string

	// KnownMethods lists the methods that http.request.method and span names may contain. It replaces the default, which is
	// that of the conventions: GET, POST, HEAD, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH and QUERY. Any other method is
	// recorded as _OTHER. Case matters.
	KnownMethods []string

	// NoStackTrace leaves out the attribute exception.stacktrace when a handler panics.
	NoStackTrace bool
}

// ServerTiming adds the response header Server-Timing: traceparent;desc="00-…", which a script in the browser can read from its
// navigation timing. It keeps the handler's own Server-Timing. Use it in [Config.OnHeaders].
func ServerTiming(ctx context.Context, h http.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Add("Server-Timing", `traceparent;desc="`+sc.Traceparent()+`"`)
	}
}

// TraceResponse sets the response header traceresponse to the server span's context,
// https://w3c.github.io/trace-context/#traceresponse-header. Use it in [Config.OnHeaders].
func TraceResponse(ctx context.Context, h http.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Set("Traceresponse", sc.Traceparent())
	}
}
