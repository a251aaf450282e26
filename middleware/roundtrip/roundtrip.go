// Package roundtrip traces backend requests of code that uses [http.Client].
//
//	client := &http.Client{Transport: roundtrip.NewTransport("backend")}
//	resp, err := client.Do(req.WithContext(ctx)) // ctx is the handler's
//
// Code that makes requests without a context, such as [http.Get] and many API clients, gets its spans with
// [Transport.WithContext].
package roundtrip

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/middleware"
)

// Transport is an [http.RoundTripper] like [fsthttp.Transport]. It sends requests with [middleware.SendBody], so each has a
// CLIENT span that lasts until the response's body has been read to its end or closed. Unlike fsthttp's, it puts no
// [fsthttp.Request] into the response's context.
//
// A Transport may be used by any number of goroutines. Set Request before its first use.
type Transport struct {
	// Request, if set, is called with each request before it is sent. If it returns an error, the round trip ends with that
	// error. If it sets another body that does not close the first one, it must close the first one itself.
	Request func(req *fsthttp.Request) error

	backend  string
	mu       sync.Mutex
	backends map[string]string
}

// NewTransport returns a [Transport] that sends requests to the given backend. [Transport.AddHostBackend] makes exceptions.
func NewTransport(backend string) *Transport {
	return &Transport{backend: backend}
}

// AddHostBackend sends requests to a host to another backend. Case makes no difference in host.
func (t *Transport) AddHostBackend(host, backend string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.backends == nil {
		t.backends = map[string]string{}
	}
	t.backends[strings.ToLower(host)] = backend
}

func (t *Transport) backendOf(host string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if backend, ok := t.backends[strings.ToLower(host)]; ok {
		return backend
	}
	return t.backend
}

// RoundTrip sends a request within a CLIENT span. The span is a child of the span that the request's context carries.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	return t.roundTrip(r.Context(), r)
}

func (t *Transport) roundTrip(ctx context.Context, r *http.Request) (*http.Response, error) {
	body := bodyOf(r)
	req, err := t.request(r, body)
	var resp *fsthttp.Response
	if err == nil {
		resp, err = middleware.SendBody(ctx, req, t.backendOf(r.URL.Host))
	}
	if err != nil {
		if body != nil { // a RoundTripper must close the body whatever happens
			_ = body.Close()
		}
		return nil, err
	}
	length := int64(-1)
	if n, err := strconv.ParseInt(resp.Header.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	return &http.Response{
		Status: strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode), StatusCode: resp.StatusCode,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: length,
		Header: http.Header(resp.Header), Body: resp.Body, Request: r,
	}, nil
}

// request makes the request that the platform sends.
func (t *Transport) request(r *http.Request, body io.ReadCloser) (*fsthttp.Request, error) {
	req, err := fsthttp.NewRequest(r.Method, r.URL.String(), body)
	if err != nil {
		return nil, err
	}
	if r.Header != nil {
		req.Header = fsthttp.Header(r.Header.Clone())
	}
	if t.Request != nil {
		err = t.Request(req)
	}
	return req, err
}

// WithContext returns a RoundTripper for code that makes requests without a context, such as [http.Get] and many API clients. It
// sends requests as t does, and the span of a request whose own context carries none is a child of the span in ctx. Only the
// request's own context can cancel it. ctx belongs to one request of the service, so set the result in each handler:
//
//	http.DefaultClient.Transport = transport.WithContext(ctx)
func (t *Transport) WithContext(ctx context.Context) http.RoundTripper { return bound{t, ctx} }

// bound is what [Transport.WithContext] returns.
type bound struct {
	t   *Transport
	ctx context.Context
}

func (b bound) RoundTrip(r *http.Request) (*http.Response, error) {
	return b.t.roundTrip(values{r.Context(), b.ctx}, r)
}

// values is a context that looks up in another context the values that it does not have.
type values struct {
	context.Context
	other context.Context
}

func (v values) Value(key any) any {
	if value := v.Context.Value(key); value != nil {
		return value
	}
	return v.other.Value(key)
}
