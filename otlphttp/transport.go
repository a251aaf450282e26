package otlphttp

import (
	"context"

	"github.com/edgespan/edgespan/sdk/trace"
)

// UserAgent says who sends, as https://opentelemetry.io/docs/specs/otel/protocol/exporter/#user-agent wants it. nethttp and backend send
// it where [Config.Headers] has no User-Agent. fetch leaves that to the runtime: a page needs the receiver's leave (CORS) for each
// header that it adds. A Transport of one's own should do as the former.
const UserAgent = "OTel-OTLP-Exporter-Edgespan-Go/" + trace.Version

// Transport carries a request to the receiver. It may be used from several goroutines.
type Transport interface {
	// Post sends a POST request and returns the response, or an error where there is none. It returns when ctx is done,
	// follows no redirects, and reads at most MaxResponse bytes of the body; one that breaks off is no error, since what has been
	// taken would be sent again. It may keep the request's body, and must not change it. What panics in it is an error.
	//
	// An error is worth another try, unless it is one of Permanent's or has that method, Permanent() bool, itself. Its text may be
	// logged, so it says nothing of headers. A redirect is a response.
	Post(ctx context.Context, r *Request) (Response, error)
}

// TransportFunc is a function as a [Transport].
type TransportFunc func(ctx context.Context, r *Request) (Response, error)

// Post calls f.
func (f TransportFunc) Post(ctx context.Context, r *Request) (Response, error) { return f(ctx, r) }

// MaxResponse is how much of a response's body is looked at, in bytes.
const MaxResponse = 64 << 10

// Header is a header of a request. The value may be a secret.
type Header struct{ Name, Value string }

// String keeps the value out of what prints a Header.
func (h Header) String() string { return h.Name + ": REDACTED" }

// GoString keeps it out as well.
func (h Header) GoString() string { return h.String() }

// Request is a POST.
type Request struct {
	URL     string
	Headers []Header // all that have to be sent but Content-Length and Host; other requests have the same, which may be appended to and not changed
	Body    []byte
}

// Response is what the [Exporter] looks at.
type Response struct {
	Status      int
	ContentType string // the header, as it came
	RetryAfter  string // the header, as it came
	Body        []byte
}
