// Package nethttp carries otlphttp's requests by net/http: for native programs.
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

// Transport sends by a Client. A pointer to one, &nethttp.Transport{}, is an [otlphttp.Transport]. The zero value works.
type Transport struct {
	// Client makes the requests; one that follows no redirects by default. A client that follows them sends headers where the
	// receiver says. It must not be one that traces its requests with the exporter that it serves.
	Client *http.Client
}

// standard takes a redirect as the answer.
var standard = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Post sends r.
func (t *Transport) Post(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
	client := standard
	if t != nil && t.Client != nil {
		client = t.Client
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return otlphttp.Response{}, otlphttp.Permanent(errURL) // the parser's words have parts of the URL in them
	}
	req.Header.Set("User-Agent", otlphttp.UserAgent)
	for _, h := range r.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	resp, err := client.Do(req)
	if err != nil {
		return otlphttp.Response{}, steady(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, otlphttp.MaxResponse)) // the status says it all, also where the body breaks off
	return otlphttp.Response{
		Status:      resp.StatusCode,
		ContentType: resp.Header.Get("Content-Type"),
		RetryAfter:  resp.Header.Get("Retry-After"),
		Body:        body,
	}, nil
}

// steady leaves out the URL, whose query may be a secret, and the port of ours, which is another with each connection: an error that
// goes on has one text, and is told once.
func steady(err error) error {
	if e := (*url.Error)(nil); errors.As(err, &e) {
		err = e.Err
	}
	text := err.Error() // "read tcp 10.0.0.1:50123->10.0.0.2:4318: …", also that of a name server
	here, there, ok := strings.Cut(text, "->")
	if !ok {
		return err
	}
	return &steadyError{here[:strings.LastIndexByte(here, ' ')+1] + there, err}
}

type steadyError struct {
	text string
	err  error
}

func (e *steadyError) Error() string { return e.text }
func (e *steadyError) Unwrap() error { return e.err }

var errURL = errors.New("Config.URL is no URL")
