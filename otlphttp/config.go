package otlphttp

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/edgespan/edgespan/internal/httpheader"
)

// Config configures an [Exporter]. URL and Transport are required.
type Config struct {
	// URL is the address of the receiver. If it has no path, or the path is /, the path becomes /v1/traces. A query stays.
	URL string

	// Headers are sent with each request. An access token belongs here. A header that no request can have is left out, and the
	// first error says so. A User-Agent replaces [UserAgent].
	Headers map[string]string

	// Transport sends the requests.
	Transport Transport

	// Gzip compresses bodies. Use gzip.Compress of otlphttp/gzip, or your own function. If it is nil, or returns an error,
	// bodies are sent uncompressed.
	Gzip func(body []byte) ([]byte, error)

	// Timeout limits the time that one call of Export takes with all its tries, and that one call of Send takes. The default is
	// 10 seconds. A shorter batch.Config.Timeout, or a limit of the Transport, applies too.
	Timeout time.Duration

	// Attempts is how many times Export sends a request at most. The default is 3, with waits of 1 and 2 seconds in between, of
	// which up to half is left out at random. Export waits only if Timeout leaves time. Behind a batch.Processor, Attempts has
	// no effect: the processor tries again.
	Attempts int

	// MaxBody is the greatest length of a body in bytes, before compression. The default is 1 MiB. A larger trace is split
	// between spans. A single span that is larger is dropped. A line that this Exporter has not encoded, which comes from a
	// batch.Store or from package wasi, is sent even if it is longer, then alone.
	MaxBody int
}

const standardPath = "/v1/traces"

var (
	errNoTransport = Permanent(errors.New("otlphttp: Config.Transport is missing"))
	errURL         = Permanent(errors.New("otlphttp: Config.URL has to begin with http:// or https:// and a host"))
)

// target returns the URL to send to.
func target(url string) (string, error) {
	scheme, rest, ok := strings.Cut(url, "://")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "http" && scheme != "https" || rest == "" || strings.ContainsAny(url, " \t\r\n\x00\x7f") {
		return "", errURL
	}
	host := strings.IndexAny(rest, "/?#")
	switch {
	case host == 0:
		return "", errURL
	case host < 0:
		return url + standardPath, nil
	}
	behind := strings.TrimPrefix(rest[host:], "/")
	if behind == "" || behind[0] == '?' || behind[0] == '#' {
		return url[:len(url)-len(rest)+host] + standardPath + behind, nil
	}
	return url, nil
}

// String returns a fixed text, so that printing a Config reveals no secrets in its headers and its URL.
func (Config) String() string { return "otlphttp.Config" }

// GoString returns a fixed text, so that printing a Config reveals no secrets in its headers and its URL.
func (Config) GoString() string { return "otlphttp.Config{}" }

// headersOf returns the headers of each request, sorted by name, and an error if any was left out.
func headersOf(config *Config) (_ []Header, err error) {
	headers := []Header{{"Content-Type", "application/json"}}
	if config.Gzip != nil {
		headers = append(headers, Header{"Content-Encoding", "gzip"})
	}
	names := make([]string, 0, len(config.Headers))
	for name := range config.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	bad := 0
	for _, name := range names {
		value := config.Headers[name]
		if !httpheader.Valid(name, value) {
			bad++
			continue
		}
		headers = append(headers, Header{name, value})
	}
	if bad > 0 { // without the name, which may be a secret if somebody has mixed up name and value
		err = errHeaders
	}
	return slices.Clip(headers), err // all requests share it, so an append must make a copy
}

var errHeaders = errors.New("otlphttp: a header of Config.Headers is left out: its name is not a token or belongs to the exporter, " +
	"or its value has control characters")
