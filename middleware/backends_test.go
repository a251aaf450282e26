package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/middleware/roundtrip"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// under serves one request with ctx, and returns its spans.
func under(t *testing.T, ctx context.Context, h fsthttp.HandlerFunc) []trace.SpanData {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	r, err := fsthttp.NewRequest("GET", "https://shop.example/cart", nil)
	require.NoError(t, err)
	middleware.New(tp)(h).ServeHTTP(ctx, fsttest.NewRecorder(), r)
	return exporter.Spans()
}

func answer(status int, body string) *fsthttp.Response {
	return &fsthttp.Response{StatusCode: status, Header: fsthttp.NewHeader(), Body: io.NopCloser(strings.NewReader(body))}
}

func TestBackendsAnswer(t *testing.T) {
	var got string
	ctx := middleware.ContextWithBackends(context.Background(), func(req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
		got = req.Header.Get("Traceparent")
		assert.Equal(t, "stock", backend)
		assert.Equal(t, "/items/7", req.URL.Path)
		return answer(404, "no such item"), nil
	})
	spans := under(t, ctx, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		req, err := fsthttp.NewRequest("HEAD", "https://stock.example/items/7", nil)
		require.NoError(t, err)
		resp, err := middleware.Send(ctx, req, "stock")
		require.NoError(t, err)
		assert.Equal(t, 404, resp.StatusCode)
		assert.Empty(t, req.Header.Get("Traceparent"), "the handler's request is as it was")
	})
	client := tracetest.Span(t, spans, "HEAD")
	assert.Equal(t, client.SpanContext.Traceparent(), got)
	tracetest.AssertChildOf(t, client, tracetest.Span(t, spans, "GET"))
	tracetest.AssertAttributes(t, client, trace.Int("http.response.status_code", 404), trace.String("error.type", "404"))
}

func TestBackendsFail(t *testing.T) {
	boom := errors.New("boom")
	for err, kind := range map[error]string{fsthttp.ErrBackendNotFound: "backend_not_found", boom: "*errors.errorString"} {
		ctx := middleware.ContextWithBackends(context.Background(), func(*fsthttp.Request, string) (*fsthttp.Response, error) { return nil, err })
		spans := under(t, ctx, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			req, _ := fsthttp.NewRequest("POST", "https://stock.example/", nil)
			_, got := middleware.SendBody(ctx, req, "stock")
			assert.ErrorIs(t, got, err)
		})
		tracetest.AssertAttributes(t, tracetest.Span(t, spans, "POST"), trace.String("error.type", kind))
	}
}

// What Config and Resend add to a backend's span, and the span of a panic.
func TestBackendSpans(t *testing.T) {
	ctx := middleware.ContextWithBackends(context.Background(), func(req *fsthttp.Request, _ string) (*fsthttp.Response, error) {
		if req.Method == "PUT" {
			panic("boom")
		}
		return answer(200, req.Header.Get("X-Own")), nil
	})
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	config := middleware.Config{OnBackend: []func(*trace.Span, *fsthttp.Response){func(span *trace.Span, resp *fsthttp.Response) {
		span.SetAttributes(trace.Int("shop.answer", resp.StatusCode))
	}}}
	r, err := fsthttp.NewRequest("GET", "https://shop.example/cart", nil)
	require.NoError(t, err)
	middleware.New(tp, config)(fsthttp.HandlerFunc(func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		req, _ := fsthttp.NewRequest("POST", "https://stock.example/", nil)
		_, err := middleware.Resend(ctx, req, "stock", 2)
		assert.NoError(t, err)

		req, _ = fsthttp.NewRequest("PUT", "https://stock.example/", nil)
		req.Header.Set("X-Own", "1")
		assert.PanicsWithValue(t, "boom", func() { _, _ = middleware.Send(ctx, req, "stock") })
		assert.Equal(t, fsthttp.Header{"X-Own": {"1"}}, req.Header)
	})).ServeHTTP(ctx, fsttest.NewRecorder(), r)

	tracetest.AssertAttributes(t, tracetest.Span(t, exporter.Spans(), "POST"), trace.Int("http.request.resend_count", 2), trace.Int("shop.answer", 200))
	put := tracetest.Span(t, exporter.Spans(), "PUT")
	tracetest.AssertStatus(t, put, trace.StatusError, "panic")
	tracetest.AssertAttributes(t, put, trace.String("error.type", "panic"))
	tracetest.AssertNoAttribute(t, put, "shop.answer")
}

func TestBackendsWithNeitherResponseNorError(t *testing.T) {
	for _, full := range []bool{false, true} {
		ctx := middleware.ContextWithBackends(context.Background(), func(*fsthttp.Request, string) (*fsthttp.Response, error) {
			if full {
				return &fsthttp.Response{StatusCode: 204}, nil
			}
			return nil, nil
		})
		under(t, ctx, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			req, _ := fsthttp.NewRequest("GET", "https://stock.example/", nil)
			resp, err := middleware.Send(ctx, req, "stock")
			if !full {
				assert.ErrorContains(t, err, "neither a response nor an error")
				return
			}
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			assert.NoError(t, err)
			assert.Empty(t, body)
		})
	}
}

// Answers without a span, for http.Client, and for many goroutines.
func TestBackendsEverywhere(t *testing.T) {
	ctx := middleware.ContextWithBackends(context.Background(), func(_ *fsthttp.Request, backend string) (*fsthttp.Response, error) {
		return answer(200, backend), nil
	})
	req, err := fsthttp.NewRequest("GET", "https://stock.example/", nil)
	require.NoError(t, err)
	resp, err := middleware.Send(ctx, req, "a")
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "a", string(body))

	spans := under(t, ctx, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		client := &http.Client{Transport: roundtrip.NewTransport("b")}
		var wg sync.WaitGroup
		for range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				r, _ := http.NewRequestWithContext(ctx, "PUT", "https://stock.example/", nil)
				resp, err := client.Do(r)
				if !assert.NoError(t, err) {
					return
				}
				body, _ := io.ReadAll(resp.Body)
				assert.Equal(t, "b", string(body))
			}()
		}
		wg.Wait()
	})
	puts := tracetest.Named(spans, "PUT")
	assert.Len(t, puts, 8)
	for i := range puts {
		tracetest.AssertAttributes(t, puts[i], trace.Int("http.response.body.size", 1))
	}
}

func ExampleContextWithBackends() {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	handle := func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		req, _ := fsthttp.NewRequest("GET", "https://stock.example/items/7", nil)
		resp, err := middleware.Send(ctx, req, "stock")
		if err != nil {
			w.WriteHeader(502)
			return
		}
		_, _ = io.Copy(w, resp.Body)
	}

	ctx := middleware.ContextWithBackends(context.Background(), func(req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
		return &fsthttp.Response{StatusCode: 200, Header: fsthttp.NewHeader(), Body: io.NopCloser(strings.NewReader("three of " + req.URL.Path))}, nil
	})
	w := fsttest.NewRecorder()
	r, _ := fsthttp.NewRequest("POST", "https://shop.example/cart", nil)
	middleware.New(tp)(fsthttp.HandlerFunc(handle)).ServeHTTP(ctx, w, r)

	fmt.Println(w.Body.String())
	for _, span := range exporter.Spans() {
		fmt.Println(span.Kind, span.Name)
	}
	// Output:
	// three of /items/7
	// server POST
	// client GET
}
