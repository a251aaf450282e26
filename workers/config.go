package workers

import (
	"context"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures the middleware. The zero value traces every request.
//
// The functions are called by the goroutine that serves the request. A panic in one of them is reported to the provider's
// OnError, and the request goes on as if the function were not there.
type Config struct {
	// Filter says which requests are traced; all by default. A request that is not traced goes to the handler as it came, and
	// what Propagation says of what goes out holds for it too.
	Filter func(r *http.Request) bool

	// Route returns the template of the request's path, such as "/items/{id}", which becomes http.route and part of the
	// span's name; "" where there is none. The pattern of net/http's ServeMux is found without it. A handler that knows
	// better calls SetRoute.
	Route func(r *http.Request) string

	// TrustParent says whose traceparent may decide on sampling: its sampled flag and what its tracestate says of it.
	// Nobody's by default, since anybody can send one. The trace is continued in any case.
	TrustParent func(r *http.Request) bool

	// Propagation says how the trace's context and baggage travel, and which requests of the twins get them: a Propagate. Where it is nil,
	// W3C Trace Context goes with each, and other formats and baggage are headers like any other.
	Propagation Propagation

	// OnRequest are called with the server span of a request that is recorded, before the handler: incoming.Properties, or
	// your own.
	OnRequest []func(span *trace.Span, r *http.Request)

	// OnHeaders are called once, before the first byte of the response goes out, to add to h: ServerTiming, TraceResponse, or
	// your own. ctx carries the span.
	OnHeaders []func(ctx context.Context, h http.Header)

	// RequestHeaders and ResponseHeaders name headers to record, as http.request.header.<name> and
	// http.response.header.<name>. Those that carry credentials are recorded as REDACTED unless Reveal names them.
	RequestHeaders  []string
	ResponseHeaders []string

	// Redact names further query parameters and headers whose values are recorded as REDACTED. Redacted by themselves are
	// those that the conventions call sensitive and the usual names of secrets: token, access_token, api_key, password,
	// secret, signature, code, Authorization, Cookie and their like. Case, '-' and '_' make no difference. So it is with the
	// parameters of a URL that is itself a parameter's value, unless it is encoded there.
	Redact []string
	// Reveal names query parameters and headers that are recorded as they are, whatever their names look like.
	Reveal []string

	// KnownMethods are the methods that http.request.method and the names of spans may have, in the place of the conventions' own: GET, POST,
	// HEAD, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH and QUERY. Any other is _OTHER. Case matters.
	KnownMethods []string

	// NoStackTrace leaves out exception.stacktrace when a handler panics.
	NoStackTrace bool
}

// ServerTiming adds Server-Timing: traceparent;desc="00-…", which a browser's script reads from its navigation timing. It is
// for [Config.OnHeaders], and leaves the handler's own Server-Timing as it is.
func ServerTiming(ctx context.Context, h http.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Add("Server-Timing", `traceparent;desc="`+sc.Traceparent()+`"`)
	}
}

// TraceResponse sets traceresponse to the server span's context, https://w3c.github.io/trace-context/#traceresponse-header. It
// is for [Config.OnHeaders].
func TraceResponse(ctx context.Context, h http.Header) {
	if sc := trace.SpanFromContext(ctx).SpanContext(); sc.IsValid() {
		h.Set("Traceresponse", sc.Traceparent())
	}
}
