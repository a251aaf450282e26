package fetch

import (
	"context"
	"io"
	"net/http"
	"syscall/js"

	"github.com/syumai/workers/cloudflare/fetch"

	"github.com/edgespan/edgespan/workers/internal/send"
)

// Aliases of the types in cloudflare/fetch of syumai/workers.
type (
	ClientOption                     = fetch.ClientOption
	IncomingBotManagement            = fetch.IncomingBotManagement
	IncomingBotManagementJsDetection = fetch.IncomingBotManagementJsDetection
	IncomingProperties               = fetch.IncomingProperties
	IncomingTLSClientAuth            = fetch.IncomingTLSClientAuth
	IncomingTLSExportedAuthenticator = fetch.IncomingTLSExportedAuthenticator
	RedirectMode                     = fetch.RedirectMode
	Request                          = fetch.Request
	RequestInit                      = fetch.RequestInit
	RequestInitCF                    = fetch.RequestInitCF
)

// The redirect modes: what the client does with a redirect.
var (
	RedirectModeFollow = fetch.RedirectModeFollow
	RedirectModeError  = fetch.RedirectModeError
	RedirectModeManual = fetch.RedirectModeManual
)

// Client is syumai/workers' [fetch.Client] with a span for each request.
type Client struct{ *fetch.Client }

// NewClient returns a client.
func NewClient(opts ...ClientOption) *Client { return &Client{fetch.NewClient(opts...)} }

// WithBinding is the option of [NewClient] that sends requests through a service binding or an mTLS certificate binding.
func WithBinding(bind js.Value) ClientOption { return fetch.WithBinding(bind) }

// NewRequest returns a request. Its span will be a child of the span in ctx.
func NewRequest(ctx context.Context, method, url string, body io.Reader) (*Request, error) {
	return fetch.NewRequest(ctx, method, url, body)
}

// NewIncomingProperties returns what Cloudflare knows about the request to which ctx belongs.
func NewIncomingProperties(ctx context.Context) (*IncomingProperties, error) {
	return fetch.NewIncomingProperties(ctx)
}

// Do sends req in a CLIENT span, with the trace's context in its headers. init may be nil.
func (c *Client) Do(req *Request, init *RequestInit) (*http.Response, error) {
	return send.Do(req.Request, func(r *http.Request) (*http.Response, error) {
		return c.Client.Do(&Request{Request: r}, init)
	})
}

// HTTPClient returns an [http.Client] that sends its requests through c. Each request has a span, including those that the
// http.Client sends to follow a redirect.
func (c *Client) HTTPClient(redirect RedirectMode) *http.Client {
	client := c.Client.HTTPClient(redirect)
	client.Transport = roundTripper{client.Transport}
	return client
}

type roundTripper struct{ under http.RoundTripper }

func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	return send.Do(r, t.under.RoundTrip)
}
