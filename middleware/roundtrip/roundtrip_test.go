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

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// Natively a request can't be sent: what is seen is its span, and to which backend it was for.
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

// A backend may be added while requests are under way, as with fsthttp's.
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

type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error { b.closed = true; return nil }

// A RoundTripper closes the body whatever happens.
func TestBodyOfRequestThatIsNotSent(t *testing.T) {
	transport := NewTransport("origin")
	transport.Request = func(*fsthttp.Request) error { return errors.New("no") }
	for _, method := range []string{"POST", "NO METHOD"} {
		b := &body{Reader: strings.NewReader("text")}
		_, err := transport.RoundTrip(&http.Request{Method: method, URL: &url.URL{Scheme: "https", Host: "api.example"}, Body: b})
		require.Error(t, err)
		require.True(t, b.closed, method)
	}
}
