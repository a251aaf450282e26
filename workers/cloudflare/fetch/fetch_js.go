package fetch

import (
	"context"
	"io"
	"net/http"
	"syscall/js"

	"github.com/syumai/workers/cloudflare/fetch"

	"github.com/edgespan/edgespan/workers/internal/send"
)

// What is the same here and there.
type (
	ClientOption       = fetch.ClientOption
	IncomingProperties = fetch.IncomingProperties
	RedirectMode       = fetch.RedirectMode
	Request            = fetch.Request
	RequestInit        = fetch.RequestInit
	RequestInitCF      = fetch.RequestInitCF
)

// The ways to take a redirect.
var (
	RedirectModeFollow = fetch.RedirectModeFollow
	RedirectModeError  = fetch.RedirectModeError
	RedirectModeManual = fetch.RedirectModeManual
)

// Client is a client whose requests have spans.
type Client struct{ *fetch.Client }

// NewClient is the original's.
func NewClient(opts ...ClientOption) *Client { return &Client{fetch.NewClient(opts...)} }

// WithBinding is the original's: for service bindings and mTLS.
func WithBinding(bind js.Value) ClientOption { return fetch.WithBinding(bind) }

// NewRequest is the original's. The request's span is a child of the span that ctx carries.
func NewRequest(ctx context.Context, method, url string, body io.Reader) (*Request, error) {
	return fetch.NewRequest(ctx, method, url, body)
}

// NewIncomingProperties is the original's.
func NewIncomingProperties(ctx context.Context) (*IncomingProperties, error) {
	return fetch.NewIncomingProperties(ctx)
}

// Do is the original's.
func (c *Client) Do(req *Request, init *RequestInit) (*http.Response, error) {
	return send.Do(req.Request, func(r *http.Request) (*http.Response, error) {
		return c.Client.Do(&Request{Request: r}, init)
	})
}

// HTTPClient is the original's. Each request has a span, those that follow redirects of the client's own as well.
func (c *Client) HTTPClient(redirect RedirectMode) *http.Client {
	client := c.Client.HTTPClient(redirect)
	client.Transport = roundTripper{client.Transport}
	return client
}

type roundTripper struct{ under http.RoundTripper }

func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	return send.Do(r, t.under.RoundTrip)
}
