package otlphttp

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/edgespan/edgespan/internal/httpheader"
)

// Config configures an [Exporter]. URL and Transport have to be there.
type Config struct {
	// URL is the receiver's. Where it has no path, or /, it gets the standard's: /v1/traces, in front of a query.
	URL string

	// Headers are sent with each request; a token goes here. One that no request can have is left out, which the first
	// error says. A User-Agent takes the place of the package's own.
	Headers map[string]string

	// Transport carries the requests.
	Transport Transport

	// Gzip compresses bodies: gzip.Compress of otlphttp/gzip, or your own. Without it they are sent as they are. A body that it
	// cannot compress is sent as it is.
	Gzip func(body []byte) ([]byte, error)

	// Timeout bounds what Export and a batch.Processor's call of Send take together with all tries; 10 s by default. What bounds them
	// more, a batch.Config.Timeout or a limit of the Transport's, holds as well.
	Timeout time.Duration

	// Attempts is how often Export sends a request at most; 3 by default, with 1 s and 2 s in between, half of them
	// random, where Timeout leaves room. Behind a batch.Processor it has no say: the processor tries again.
	Attempts int

	// MaxBody is the largest body in bytes, before compression; 1 MiB by default. A trace above it is split by
	// spans. A span that is larger by itself is dropped. A line that this Exporter has not encoded, from a batch.Store or by package
	// wasi, is sent as it is, alone where it is larger.
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

// String keeps headers and URL, in which there may be secrets, out of what prints a Config.
func (Config) String() string { return "otlphttp.Config" }

// GoString keeps them out as well.
func (Config) GoString() string { return "otlphttp.Config{}" }

// headersOf returns the headers of each request in the order of their names, and an error that names those that are bad.
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
	if bad > 0 { // a name may be a secret too, where somebody has mixed up the two
		err = errHeaders
	}
	return slices.Clip(headers), err // each request has them: who appends to its own appends to no other's
}

var errHeaders = errors.New("otlphttp: a header of Config.Headers is left out: its name is no token or one that belongs to the exporter, " +
	"or there are control characters in its value")
