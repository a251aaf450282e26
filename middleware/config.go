package middleware

import (
	"context"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/sdk/trace"
)

// Config configures the middleware that [New] returns. The zero value traces every request.
//
// The functions run in the goroutine that serves the request. If one of them panics, the panic is reported to the provider's
// OnError, and the request goes on as if the function were not there. Functions of different requests may run at the same time.
type Config struct {
	// Filter returns true for the requests that are traced. By default all are. A request that is not traced goes to the
	// handler unchanged. Only TrustParent and Propagation still apply to it, so that the headers that they remove reach neither
	// the handler nor a backend.
	Filter func(r *fsthttp.Request) bool

	// Route returns the template of the request's path, such as "/items/{id}", or "" if it knows none. The route becomes
	// http.route and part of the span's name, also of the name that the sampler gets. A handler can set a better route with
	// [SetRoute].
	Route func(r *fsthttp.Request) string

	// TrustParent returns true for the requests whose traceparent and tracestate may decide on sampling. By default no request
	// is trusted, since anybody can send these headers. The trace of the caller is continued in any case. See [SharedSecret]
	// and [ShieldHop].
	TrustParent func(r *fsthttp.Request) bool

	// Propagation sets in which formats the trace's context and baggage travel, and which backends get them. It takes a value
	// of type [Propagate]. If it is nil, every backend that Send calls gets W3C Trace Context, and headers of other formats and
	// baggage are treated like any other header.
	Propagation Propagation

	// OnRequest functions are called before the handler, with the server span of a request that is recorded. Use [FaaS] and the
	// other functions of this package that are for OnRequest, or your own.
	OnRequest []func(span *trace.Span, r *fsthttp.Request)

	// OnHeaders functions are called once for each traced request, just before the status and headers of the response are sent.
	// They may add to the headers h. Use [ServerTiming], [ServerTimingTotal], [TraceResponse], or your own. ctx carries the
	// span. They are also called if the span is not recorded, but not if Filter returns false or the provider is nil.
	OnHeaders []func(ctx context.Context, h fsthttp.Header)

	// OnBackend functions are called with the client span of a recorded backend request, when the response's headers have
	// arrived. Use [BackendInfo], or your own. If backend requests run at the same time, they are called at the same time.
	OnBackend []func(span *trace.Span, resp *fsthttp.Response)

	// BeforeEnd functions are called with the server span of a recorded request, after the response has been closed and before
	// the span ends. Use [SandboxUsage], or your own.
	BeforeEnd []func(span *trace.Span, r *fsthttp.Request)

	// AfterResponse functions are called once for each traced request when it is over, also if the handler panics. Use them to
	// flush what was collected during the request. The response has been closed by then, unless the handler panicked or sent
	// nothing. The span has ended, and has been exported if it was sampled or kept. ctx carries the span.
	AfterResponse []func(ctx context.Context)

	// RequestHeaders and ResponseHeaders are the full names of headers to record, as http.request.header.<name> and
	// http.response.header.<name>. The values are lists of strings, since a header may occur several times. Headers that carry
	// credentials are recorded as REDACTED unless Reveal names them. In the values of other headers, such as Referer and
	// Location, the secrets of a URL are redacted.
	RequestHeaders  []string
	ResponseHeaders []string

	// Redact names further query parameters and headers whose values are recorded as REDACTED. Redacted by default are the
	// parameters that the semantic conventions call sensitive, and the usual names of secrets: token, access_token, api_key,
	// password, secret, signature, code, Authorization, Cookie and similar ones, see [IsSecret]. Case, '-' and '_' make no
	// difference. If the value of a parameter is itself a URL that is not encoded, its parameters are redacted too.
	Redact []string
	// Reveal names query parameters and headers that are recorded unchanged, even if their names look like those of secrets.
	Reveal []string

	// KnownMethods are the values that http.request.method and the names of spans may have. Any other method is recorded as
	// _OTHER. The default is the list of the semantic conventions: GET, POST, HEAD, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH
	// and QUERY. KnownMethods replaces this list, so a service that takes PURGE names PURGE and the others. Case matters.
	KnownMethods []string

	// NoStackTrace leaves out the attribute exception.stacktrace when a handler panics.
	NoStackTrace bool
}
