package roundtrip

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// Natively, no request can be sent. The test checks the span, and which backend the request was for.
func TestRoundTrip(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	ctx, root := tp.Start(context.Background(), "root", trace.StartConfig{})
	transport := NewTransport("origin")
	transport.AddHostBackend("API.example", "api")
	seen := ""
	transport.Request = func(req *fsthttp.Request) error { seen = req.Header.Get("X-Own"); return nil }
	r, err := http.NewRequestWithContext(ctx, "GET", "https://api.example/items", nil)
	require.NoError(t, err)
	r.Header.Set("X-Own", "1")
	_, err = (&http.Client{Transport: transport}).Do(r)
	require.Error(t, err)
	root.End()
	require.Equal(t, "1", seen)
	span := tracetest.Span(t, exporter.Spans(), "GET")
	require.Equal(t, trace.SpanKindClient, span.Kind)
	tracetest.AssertAttributes(t, span, trace.String("fastly.backend", "api"), trace.String("url.full", "https://api.example/items"))
	require.NotContains(t, r.Header, "Traceparent", "the caller's request is as it was")
}

// Code that makes a request without a context gets its span from WithContext. A context of its own that carries a span is what
// counts, and only that context can cancel the request.
func TestWithContext(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	backends := middleware.ContextWithBackends(context.Background(), func(req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
		return &fsthttp.Response{StatusCode: 200, Header: fsthttp.NewHeader(), Body: io.NopCloser(strings.NewReader(backend))}, nil
	})
	ctx, root := tp.Start(backends, "root", trace.StartConfig{})
	gone, cancel := context.WithCancel(ctx)
	cancel()
	transport := NewTransport("origin")
	rt := transport.WithContext(gone)
	transport.AddHostBackend("api.example", "api") // later, and still valid for rt

	r := post(context.Background(), "GET", nil)
	resp, err := rt.RoundTrip(r)
	require.NoError(t, err, "the handler's context does not cancel the request")
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, "api", string(text))
	require.Equal(t, context.Background(), resp.Request.Context(), "the response has the caller's request")

	inner, span := trace.Start(ctx, "inner")
	resp, err = rt.RoundTrip(post(inner, "PUT", nil))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	span.End()
	root.End()
	spans := exporter.Spans()
	require.Equal(t, root.SpanContext().SpanID, tracetest.Span(t, spans, "GET").ParentSpanID)
	require.Equal(t, span.SpanContext().SpanID, tracetest.Span(t, spans, "PUT").ParentSpanID)
}

// A backend may be added while requests are running, as with fsthttp's Transport.
func TestAddHostBackendConcurrently(t *testing.T) {
	transport := NewTransport("origin")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 100 {
				host := strconv.Itoa(i*1000 + j)
				transport.AddHostBackend(host, "of "+host)
				assert.Equal(t, "of "+host, transport.backendOf(host))
				assert.Equal(t, "origin", transport.backendOf("other"))
			}
		}()
	}
	wg.Wait()
}

type closings struct {
	io.Reader
	n int
}

func (c *closings) Close() error { c.n++; return nil }

func post(ctx context.Context, method string, body io.ReadCloser) *http.Request {
	return (&http.Request{Method: method, URL: &url.URL{Scheme: "https", Host: "api.example"}, Body: body}).WithContext(ctx)
}

// A RoundTripper closes the body once, whatever happens. fsthttp has closed it already if it has copied it.
func TestBodyOfRequestThatIsNotSent(t *testing.T) {
	refuses := func(*fsthttp.Request) error { return errors.New("no") }
	backend := func(closes bool) context.Context {
		return middleware.ContextWithBackends(context.Background(), func(req *fsthttp.Request, _ string) (*fsthttp.Response, error) {
			if closes && req.Body != nil {
				_ = req.Body.Close()
			}
			return nil, fsthttp.ErrBackendNotFound
		})
	}
	for _, tt := range []struct {
		name, method string
		ctx          context.Context
		ask          func(*fsthttp.Request) error
	}{
		{"refused", "POST", context.Background(), refuses},
		{"no method", "NO METHOD", context.Background(), nil},
		{"no platform", "POST", context.Background(), nil},
		{"no backend", "POST", backend(false), nil},
		{"closed and failed", "POST", backend(true), nil},
	} {
		transport := NewTransport("origin")
		transport.Request = tt.ask
		b := &closings{Reader: strings.NewReader("text")}
		_, err := transport.RoundTrip(post(tt.ctx, tt.method, b))
		require.Error(t, err, tt.name)
		require.Equal(t, 1, b.n, tt.name)
		_, err = transport.RoundTrip(post(tt.ctx, "GET", nil))
		require.Error(t, err, tt.name)
	}
}

// If there is a response, the body of the request is closed by its reader, which is fsthttp or stands for it.
func TestBodyOfRequestThatIsSent(t *testing.T) {
	ctx := middleware.ContextWithBackends(context.Background(), func(req *fsthttp.Request, _ string) (*fsthttp.Response, error) {
		return &fsthttp.Response{StatusCode: 200, Header: fsthttp.NewHeader(), Body: req.Body}, nil
	})
	b := &closings{Reader: strings.NewReader("text")}
	resp, err := NewTransport("origin").RoundTrip(post(ctx, "POST", b))
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "text", string(text))
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 1, b.n)
}

// http.Request.Header may be nil, and http.NoBody means no body.
func TestRequestOfNothing(t *testing.T) {
	transport := NewTransport("origin")
	transport.Request = func(req *fsthttp.Request) error {
		req.Header.Set("X-Own", "1")
		require.Nil(t, req.Body)
		return nil
	}
	ctx := middleware.ContextWithBackends(context.Background(), func(req *fsthttp.Request, _ string) (*fsthttp.Response, error) {
		require.Equal(t, "1", req.Header.Get("X-Own"))
		return &fsthttp.Response{StatusCode: 200, Header: fsthttp.NewHeader()}, nil
	})
	for _, body := range []io.ReadCloser{nil, http.NoBody} {
		r := post(ctx, "GET", body)
		resp, err := transport.RoundTrip(r)
		require.NoError(t, err)
		require.Equal(t, 200, resp.StatusCode)
		require.Nil(t, r.Header, "the caller's request is as it was")
	}
}
