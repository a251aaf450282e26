package otlphttp

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// UserAgent is the User-Agent of the exporter, https://opentelemetry.io/docs/specs/otel/protocol/exporter/#user-agent. The
// transports of nethttp and backend send it unless [Config.Headers] has a User-Agent. A Transport of your own should do the
// same. The transport of fetch leaves the header to the runtime, because a page needs the receiver's permission (CORS) for each
// header that it adds.
const UserAgent = "OTel-OTLP-Exporter-Edgespan-Go/" + trace.Version

// Transport sends a request to the receiver. Its method may be called from several goroutines at the same time.
type Transport interface {
	// Post sends a POST request and returns the response, or an error if there is no response. It must return when ctx is done.
	// It must not follow redirects, but return them as the response. It reads at most [MaxResponse] bytes of the body. If the
	// body breaks off, it returns the response with the part that it has read: after an error, the exporter would send spans
	// again that the receiver has accepted. Post may keep the request's body, and must not change it.
	//
	// After an error, the exporter tries again, unless the error comes from [Permanent], or has a method Permanent() bool of
	// its own that returns true. A panic counts as an error. The text of an error may be logged, so it must not contain
	// headers.
	Post(ctx context.Context, r *Request) (Response, error)
}

// TransportFunc is a function that is a [Transport].
type TransportFunc func(ctx context.Context, r *Request) (Response, error)

// Post calls f.
func (f TransportFunc) Post(ctx context.Context, r *Request) (Response, error) { return f(ctx, r) }

// MaxResponse is how many bytes of a response's body are read.
const MaxResponse = 64 << 10

// Header is a header of a request. Its value may be a secret.
type Header struct{ Name, Value string }

// String returns the name without the value, so that printing a Header reveals no secret.
func (h Header) String() string { return h.Name + ": REDACTED" }

// GoString returns the same as String.
func (h Header) GoString() string { return h.String() }

// Request is a POST request.
type Request struct {
	URL string
	// Headers are all headers of the request except Content-Length and Host. Other requests share the list: append to it if you
	// need to, but do not change its elements.
	Headers []Header
	Body    []byte
}

// Response is the part of an HTTP response that the [Exporter] reads.
type Response struct {
	Status      int
	ContentType string // the value of the header, unchanged
	RetryAfter  string // the value of the header, unchanged
	Body        []byte
}
