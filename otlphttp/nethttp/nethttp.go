// Package nethttp sends the requests of package otlphttp with net/http. It is for native programs:
//
//	exporter := otlphttp.New(otlphttp.Config{URL: "http://localhost:4318", Transport: &nethttp.Transport{}})
package nethttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/edgespan/edgespan/otlphttp"
)

// Transport is an [otlphttp.Transport] that sends with an [http.Client]. Use it as a pointer. The zero value is ready for use.
type Transport struct {
	// Client makes the requests. The default follows no redirects. A client that follows them sends the headers to wherever the
	// receiver redirects. Client must not trace its requests with the exporter that it serves.
	Client *http.Client
}

// standard returns a redirect as the response.
var standard = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Post sends r.
func (t *Transport) Post(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
	client := standard
	if t != nil && t.Client != nil {
		client = t.Client
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return otlphttp.Response{}, otlphttp.Permanent(errURL) // the parser's error quotes parts of the URL
	}
	req.Header.Set("User-Agent", otlphttp.UserAgent)
	for _, h := range r.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	resp, err := client.Do(req)
	if err != nil {
		return otlphttp.Response{}, withoutPort(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, otlphttp.MaxResponse)) // the status decides, also if the body breaks off
	return otlphttp.Response{
		Status:      resp.StatusCode,
		ContentType: resp.Header.Get("Content-Type"),
		RetryAfter:  resp.Header.Get("Retry-After"),
		Body:        body,
	}, nil
}

// withoutPort removes from an error the URL, whose query may hold a secret, and the local port, which differs for each connection.
// So an error that persists always has the same text, and is reported once.
func withoutPort(err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		err = e.Err
	}
	text := err.Error() // such as "read tcp 10.0.0.1:50123->10.0.0.2:4318: …"; the errors of name servers look alike
	here, there, ok := strings.Cut(text, "->")
	if !ok {
		return err
	}
	return &portlessError{here[:strings.LastIndexByte(here, ' ')+1] + there, err}
}

type portlessError struct {
	text string
	err  error
}

func (e *portlessError) Error() string { return e.text }
func (e *portlessError) Unwrap() error { return e.err }

var errURL = errors.New("Config.URL is not a valid URL")
