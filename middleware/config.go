package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures the middleware: it is the [Option] that [New] takes. The zero value traces every request.
//
// The functions are called by the goroutine that serves the request. A panic in one of them is reported to the provider's
// OnError, and the request goes on as if the function were not there.
type Config struct {
	// Filter says which requests are traced; all by default. A request that is not traced goes to the handler as it came, but
	// TrustParent is asked and Propagation holds for it too: the headers that they remove reach neither the handler nor a backend.
	Filter func(r *fsthttp.Request) bool

	// Route returns the template of the request's path, such as "/items/{id}", which becomes http.route and part of the
	// span's name, also for the sampler; "" where there is none. A handler that knows better calls SetRoute.
	Route func(r *fsthttp.Request) string

	// TrustParent says whose traceparent may decide on sampling: its sampled flag and what its tracestate says of it.
	// Nobody's by default, since anybody can send one. The trace is continued in any case. It is asked for each request:
	// see SharedSecret and ShieldHop.
	TrustParent func(r *fsthttp.Request) bool

	// Propagation says how the trace's context and baggage travel, and which backends get them: a Propagate. Where it is nil,
	// W3C Trace Context goes to each backend that Send is called for, and other formats and baggage are headers like any other.
	Propagation Propagation

	// OnRequest are called with the server span of a request that is recorded, before the handler: FaaS, or your own.
	OnRequest []func(span *trace.Span, r *fsthttp.Request)

	// OnHeaders are called once, just before the status and headers of the response go out, to add to h: ServerTiming,
	// ServerTimingTotal, TraceResponse, or your own. ctx carries the span. They are called for each request that is traced, recorded or
	// not: not where Filter says no, nor without a provider.
	OnHeaders []func(ctx context.Context, h fsthttp.Header)

	// OnBackend are called with the client span of a request to a backend that is recorded, when the response's headers are
	// there: BackendInfo, or your own. Requests that are under way at the same time call them at the same time.
	OnBackend []func(span *trace.Span, resp *fsthttp.Response)

	// BeforeEnd are called with the server span of a request that is recorded, when its response is closed and the span is
	// about to end: SandboxUsage, or your own.
	BeforeEnd []func(span *trace.Span, r *fsthttp.Request)

	// AfterResponse are called when the request is over, also when the handler panics: to flush what was collected during it.
	// By then the response is closed (unless the handler panicked, or has sent nothing) and the span has ended, and been
	// exported if it was to be. ctx carries the span. They are called where OnHeaders would be: for each request that is traced.
	AfterResponse []func(ctx context.Context)

	// RequestHeaders and ResponseHeaders name headers to record, each by its whole name, as http.request.header.<name> and
	// http.response.header.<name>: lists of strings, since a header may come several times. Those that carry credentials are
	// recorded as REDACTED unless Reveal names them; in the others, such as Referer and Location, the secrets of a URL are.
	RequestHeaders  []string
	ResponseHeaders []string

	// Redact names further query parameters and headers whose values are recorded as REDACTED. Redacted by themselves are
	// those that the conventions call sensitive and the usual names of secrets: token, access_token, api_key, password,
	// secret, signature, code, Authorization, Cookie and their like; see IsSecret. Case, '-' and '_' make no difference. So it is with the
	// parameters of a URL that is itself a parameter's value, unless it is encoded there.
	Redact []string
	// Reveal names query parameters and headers that are recorded as they are, whatever their names look like.
	Reveal []string

	// KnownMethods are the methods that http.request.method and the names of spans may have, in the place of the conventions' own: GET, POST,
	// HEAD, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH and QUERY. Any other is _OTHER, so a service that takes PURGE names it here, beside
	// the rest. Case matters.
	KnownMethods []string

	// NoStackTrace leaves out exception.stacktrace when a handler panics.
	NoStackTrace bool
}
