package send

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
	"github.com/edgespan/edgespan/workers/internal/scope"
)

func TestDo(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	ctx, root := tp.Start(context.Background(), "root", trace.StartConfig{})
	ctx = scope.With(ctx, &scope.Scope{ContextTo: func(r *http.Request) bool { return r.URL.Host == "mine.example" }})
	request := func(url string) *http.Request {
		r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
		require.NoError(t, err)
		r.Header.Set("Traceparent", "the client's")
		r.Header.Set("X-A", "b")
		return r
	}

	r := request("https://bob:pw@mine.example/a?token=x")
	var got http.Header
	resp, err := Do(r, func(r *http.Request) (*http.Response, error) {
		got = r.Header
		return &http.Response{StatusCode: 503, Header: http.Header{"Content-Length": {"7"}}}, nil
	}, trace.String("mine", "yes"))
	require.NoError(t, err)
	assert.Equal(t, 503, resp.StatusCode)
	assert.Equal(t, "the client's", r.Header.Get("Traceparent"), "the request keeps its own headers")

	_, err = Do(request("http://other.example:8080/"), func(r *http.Request) (*http.Response, error) {
		assert.Empty(t, r.Header.Get("Traceparent"), "Config.ContextTo has said no, and the client's is not passed on")
		assert.Equal(t, "b", r.Header.Get("X-A"))
		return nil, errors.New("failed on promise: TypeError: no")
	})
	require.Error(t, err)
	root.End()

	spans := exporter.Spans()
	require.Len(t, spans, 3)
	assert.Equal(t, spans[1].SpanContext.Traceparent(), got.Get("Traceparent"))
	tracetest.AssertAttributes(t, spans[1], trace.String("url.full", "https://REDACTED:REDACTED@mine.example/a?token=REDACTED"),
		trace.String("server.address", "mine.example"), trace.Int("server.port", 443), trace.Int("http.response.status_code", 503),
		trace.Int("http.response.body.size", 7), trace.String("error.type", "503"), trace.String("mine", "yes"))
	tracetest.AssertAttributes(t, spans[2], trace.Int("server.port", 8080), trace.String("error.type", "TypeError"))
	assert.Equal(t, trace.StatusError, spans[2].Status.Code)

	// Without a span it is the original.
	plain, err := http.NewRequest("GET", "http://h/", nil)
	require.NoError(t, err)
	var sent *http.Request
	_, err = Do(plain, func(r *http.Request) (*http.Response, error) {
		sent = r
		return nil, nil
	})
	require.NoError(t, err)
	assert.Same(t, plain, sent)
}

// TestContextOfNoSpan: what Config.ContextTo says holds for the requests that are not traced, too.
func TestContextOfNoSpan(t *testing.T) {
	ctx := scope.With(context.Background(), &scope.Scope{ContextTo: func(r *http.Request) bool { return r.URL.Host == "mine.example" }})
	for host, want := range map[string]string{"mine.example": "the client's", "other.example": ""} {
		r, err := http.NewRequestWithContext(ctx, "GET", "https://"+host, nil)
		require.NoError(t, err)
		r.Header.Set("Traceparent", "the client's")
		r.Header.Set("Tracestate", "the client's")
		var sent http.Header
		_, err = Do(r, func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			return nil, nil
		})
		require.NoError(t, err)
		require.NotNil(t, sent)
		assert.Equal(t, want, sent.Get("Traceparent"), host)
		assert.Equal(t, want, sent.Get("Tracestate"), host)
		assert.Equal(t, "the client's", r.Header.Get("Traceparent"), "the request keeps its own headers")
	}
}

// A Content-Length tells the size of a body only where there is one.
func TestResponseWithoutBody(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	ctx, root := tp.Start(context.Background(), "root", trace.StartConfig{})
	for method, status := range map[string]int{"HEAD": 200, "GET": 304} {
		r, err := http.NewRequestWithContext(ctx, method, "https://mine.example/", nil)
		require.NoError(t, err)
		_, err = Do(r, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Length": {"7"}}}, nil
		})
		require.NoError(t, err)
	}
	root.End()
	for _, method := range []string{"HEAD", "GET"} {
		tracetest.AssertNoAttribute(t, tracetest.Span(t, exporter.Spans(), method), "http.response.body.size")
	}
}
