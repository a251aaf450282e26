package send

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
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

	// Without a span, do gets the request itself.
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

// The span records the request, and whether the response is an error.
func TestRecordedAttributes(t *testing.T) {
	for _, test := range []struct {
		method string
		body   int64
		status int
		want   []trace.Attribute
		code   trace.StatusCode
	}{
		{"GET", 0, 399, []trace.Attribute{trace.String("http.request.method", "GET")}, trace.StatusUnset},
		{"POST", 1, 400, []trace.Attribute{trace.String("http.request.method", "POST"), trace.Int("http.request.body.size", 1),
			trace.String("error.type", "400")}, trace.StatusError},
		{"PURGE", -1, 200, []trace.Attribute{trace.String("http.request.method", "_OTHER"), trace.String("http.request.method_original", "PURGE")}, trace.StatusUnset},
	} {
		exporter := tracetest.NewExporter()
		parent := trace.SpanContextFromHeaders([]string{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}, []string{"a=1"})
		ctx, root := trace.NewTracerProvider(trace.Config{Exporter: exporter}).Start(context.Background(), "root", trace.StartConfig{Parent: parent})
		r, err := http.NewRequestWithContext(ctx, test.method, "http://mine.example/", nil)
		require.NoError(t, err)
		r.Header, r.ContentLength = nil, test.body
		var sent http.Header
		_, err = Do(r, func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			return &http.Response{StatusCode: test.status}, nil
		})
		require.NoError(t, err)
		root.End()

		span := exporter.Spans()[1]
		assert.Equal(t, trace.SpanKindClient, span.Kind)
		assert.Equal(t, test.code, span.Status.Code, test.status)
		tracetest.AssertAttributes(t, span, test.want...)
		tracetest.AssertAttributes(t, span, trace.Int("server.port", 80), trace.Int("http.response.status_code", test.status))
		for _, key := range []string{"http.request.method_original", "http.request.body.size", "error.type"} {
			if !slices.ContainsFunc(test.want, func(a trace.Attribute) bool { return a.Key == key }) {
				tracetest.AssertNoAttribute(t, span, key)
			}
		}
		assert.Equal(t, http.Header{"Traceparent": {span.SpanContext.Traceparent()}, "Tracestate": {"a=1"}}, sent)
	}
}

// A request that its caller cancels is not an error; one that times out is.
func TestCanceled(t *testing.T) {
	for text, err := range map[string]error{
		"":                         fmt.Errorf("fetch: %w", context.Canceled),
		"AbortError":               errors.New("failed on promise: AbortError: The operation was aborted"),
		"TimeoutError":             errors.New("failed on promise: TimeoutError: The operation was aborted due to timeout"),
		"context.deadlineExceeded": context.DeadlineExceeded,
	} {
		exporter := tracetest.NewExporter()
		ctx, root := trace.NewTracerProvider(trace.Config{Exporter: exporter}).Start(context.Background(), "root", trace.StartConfig{})
		ctx = scope.With(ctx, &scope.Scope{KnownMethods: []string{"PURGE"}})
		r, failed := http.NewRequestWithContext(ctx, "PURGE", "https://mine.example/", nil)
		require.NoError(t, failed)
		_, got := Do(r, func(*http.Request) (*http.Response, error) { return nil, err })
		require.Equal(t, err, got)
		root.End()
		span := tracetest.Span(t, exporter.Spans(), "PURGE")
		if strings.HasPrefix(text, "T") || strings.HasPrefix(text, "c") {
			assert.Equal(t, trace.StatusError, span.Status.Code, text)
			continue
		}
		assert.Equal(t, trace.Status{}, span.Status, text)
		tracetest.AssertNoAttribute(t, span, "error.type")
		assert.Equal(t, "canceled", span.Events[0].Name)
	}
}

// A request that JavaScript cannot make fails its span, and the panic continues.
func TestPanic(t *testing.T) {
	exporter := tracetest.NewExporter()
	ctx, root := trace.NewTracerProvider(trace.Config{Exporter: exporter}).Start(context.Background(), "root", trace.StartConfig{})
	r, err := http.NewRequestWithContext(ctx, "GET", "https://mine.example/", nil)
	require.NoError(t, err)
	assert.PanicsWithValue(t, "boom", func() {
		_, _ = Do(r, func(*http.Request) (*http.Response, error) { panic("boom") })
	})
	root.End()
	span := tracetest.Span(t, exporter.Spans(), "GET")
	tracetest.AssertStatus(t, span, trace.StatusError, "panic")
	tracetest.AssertAttributes(t, span, trace.String("error.type", "panic"))
}

// Content-Length is recorded as the body's size only if there is a body.
func TestResponseWithoutBody(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	ctx, root := tp.Start(context.Background(), "root", trace.StartConfig{})
	ctx = scope.With(ctx, &scope.Scope{KnownMethods: []string{"GET"}}) // a HEAD has no body, even if HEAD is not a known method
	for method, status := range map[string]int{"HEAD": 200, "GET": 304} {
		r, err := http.NewRequestWithContext(ctx, method, "https://mine.example/", nil)
		require.NoError(t, err)
		_, err = Do(r, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Length": {"7"}}}, nil
		})
		require.NoError(t, err)
	}
	root.End()
	for _, name := range []string{"HTTP", "GET"} {
		tracetest.AssertNoAttribute(t, tracetest.Span(t, exporter.Spans(), name), "http.response.body.size")
	}
}
