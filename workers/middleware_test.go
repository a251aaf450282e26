//go:build !js

package workers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func serve(t *testing.T, config Config, h http.HandlerFunc, r *http.Request) (span trace.SpanData, w *httptest.ResponseRecorder, errs []error) {
	t.Helper()
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter, OnError: func(err error) { errs = append(errs, err) }})
	w = httptest.NewRecorder()
	New(tp, config)(h).ServeHTTP(w, r)
	spans := exporter.Spans()
	require.NotEmpty(t, spans)
	return spans[len(spans)-1], w, errs
}

func request(method, url string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// The response to a HEAD has no body, even if HEAD is not a known method.
func TestHead(t *testing.T) {
	for name, known := range map[string][]string{"HEAD": nil, "HTTP": {"GET"}} {
		span, _, errs := serve(t, Config{KnownMethods: known}, func(w http.ResponseWriter, r *http.Request) {
			r.Method = "GET" // so that the span is that of a GET
			fmt.Fprint(w, "hello")
		}, request("HEAD", "https://shop.example/"))
		require.Empty(t, errs)
		assert.Equal(t, name, span.Name)
		tracetest.AssertAttributes(t, span, trace.Int("http.response.body.size", 0))
	}
}

func TestServerSpan(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-A", "b")
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, "hello")
	})
	span, w, errs := serve(t, Config{RequestHeaders: []string{"Accept", "Cookie"}, ResponseHeaders: []string{"x-a"}}, mux.ServeHTTP,
		request("GET", "https://shop.example:8443/items/7?token=x&a=b", "Traceparent", parent, "Cf-Ray", "ray-FRA", "Cf-Connecting-Ip", "192.0.2.1",
			"User-Agent", "a", "User-Agent", " b", "Accept", "text/html", "Cookie", "secret"))
	require.Empty(t, errs)
	assert.Equal(t, http.StatusAccepted, w.Code)
	assert.Equal(t, "GET /items/{id}", span.Name)
	assert.Equal(t, trace.SpanKindServer, span.Kind)
	assert.Equal(t, "00f067aa0ba902b7", span.ParentSpanID.String())
	tracetest.AssertAttributes(t, span,
		trace.String("http.request.method", "GET"), trace.String("url.scheme", "https"), trace.String("url.path", "/items/7"),
		trace.String("url.query", "token=REDACTED&a=b"), trace.String("server.address", "shop.example"), trace.Int("server.port", 8443),
		trace.String("client.address", "192.0.2.1"), trace.String("user_agent.original", "a, b"), trace.String("faas.trigger", "http"),
		trace.String("faas.invocation_id", "ray-FRA"), trace.String("cloudflare.colo", "FRA"), trace.String("http.route", "/items/{id}"),
		trace.Int("http.response.status_code", 202), trace.Int("http.response.body.size", 5),
		trace.Strings("http.request.header.accept", "text/html"), trace.Strings("http.request.header.cookie", "REDACTED"),
		trace.Strings("http.response.header.x-a", "b"))
	tracetest.AssertEvent(t, span, "first_byte")
}

// syumai/workers splits a header at its commas, including those within a URL.
func TestSecretsBehindACommaInAHeader(t *testing.T) {
	span, _, errs := serve(t, Config{RequestHeaders: []string{"Referer", "Cookie"}, ResponseHeaders: []string{"Location"}},
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{"/cb?a=1", "2&code=secret"}
			w.WriteHeader(http.StatusFound)
		},
		request("GET", "http://h/", "Referer", "https://h/?a=1", "Referer", "2&token=secret", "Cookie", "a=secret", "Cookie", "b=secret"))
	require.Empty(t, errs)
	tracetest.AssertAttributes(t, span, trace.Strings("http.request.header.referer", "https://h/?a=1,2&token=REDACTED"),
		trace.Strings("http.request.header.cookie", "REDACTED"), trace.Strings("http.response.header.location", "/cb?a=1,2&code=REDACTED"))
}

func TestStatuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		h      http.HandlerFunc
		status int
		size   int
		code   trace.StatusCode
	}{
		{"nothing", func(http.ResponseWriter, *http.Request) {}, 200, 0, trace.StatusUnset},
		{"body alone", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") }, 200, 1, trace.StatusUnset},
		{"no content", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, 204, 0, trace.StatusUnset},
		{"client's fault", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusNotFound) }, 404, 3, trace.StatusUnset},
		{"server's fault", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }, 503, 3, trace.StatusError},
		{"early hints", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(201) }, 201, 0, trace.StatusUnset},
		{"flushed", func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); w.WriteHeader(500) }, 200, 0, trace.StatusUnset},
		{"copied", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, strings.NewReader("abc")) }, 200, 3, trace.StatusUnset},
	} {
		span, w, errs := serve(t, Config{}, test.h, request("GET", "http://h/"))
		assert.Empty(t, errs)
		tracetest.AssertAttributes(t, span, trace.Int("http.response.status_code", test.status), trace.Int("http.response.body.size", test.size))
		assert.Equal(t, test.code, span.Status.Code, test.name)
		assert.Equal(t, test.size, w.Body.Len(), test.name)
	}
}

// If net/http's writer copies the body, the response still begins with its first byte, for the span as for the client.
func TestReadFrom(t *testing.T) {
	plain := func(text string) io.Reader { return struct{ io.Reader }{strings.NewReader(text)} } // has no WriteTo, so that ReadFrom is called
	broken := errors.New("broken")
	long := strings.Repeat("x", 100_000)
	for _, test := range []struct {
		name        string
		h           http.HandlerFunc
		status      int
		size        int
		first, fail bool
	}{
		{"nothing, then a status", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, plain("")); w.WriteHeader(404) }, 404, 0, false, false},
		{"what fails, then a status", func(w http.ResponseWriter, _ *http.Request) {
			_, err := io.Copy(w, iotest.ErrReader(broken))
			assert.Equal(t, broken, err)
			w.WriteHeader(404)
		}, 404, 0, false, false},
		{"what fails later", func(w http.ResponseWriter, _ *http.Request) {
			n, err := io.Copy(w, struct{ io.Reader }{io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken))})
			assert.EqualValues(t, 2, n)
			assert.Equal(t, broken, err)
			w.WriteHeader(404)
		}, 200, 2, true, true},
		{"a little", func(w http.ResponseWriter, _ *http.Request) {
			n, err := io.Copy(w, plain("abc"))
			assert.EqualValues(t, 3, n)
			assert.NoError(t, err)
		}, 200, 3, true, false},
		{"much, and twice", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(206)
			for range 2 {
				n, err := io.Copy(w, plain(long))
				assert.EqualValues(t, len(long), n)
				assert.NoError(t, err)
			}
		}, 206, 2 * len(long), true, false},
		{"a body that the status does not have", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotModified)
			fmt.Fprint(w, "text")
			_, _ = io.Copy(w, strings.NewReader("text"))
		}, 304, 0, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			exporter := tracetest.NewExporter()
			handler := New(trace.NewTracerProvider(trace.Config{Exporter: exporter}))(test.h)
			done := make(chan bool)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(done)
				handler.ServeHTTP(w, r)
			}))
			defer server.Close()
			resp, err := http.Get(server.URL)
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			<-done
			span := exporter.Spans()[0]
			assert.Equal(t, test.status, resp.StatusCode)
			assert.Len(t, body, test.size)
			tracetest.AssertAttributes(t, span, trace.Int("http.response.status_code", test.status), trace.Int("http.response.body.size", test.size))
			assert.Equal(t, test.first, len(span.Events) == 1, "%+v", span.Events)
			assert.Equal(t, test.fail, span.Status.Code == trace.StatusError)
		})
	}
}

// The outcome is recorded even if the handler has set as many attributes as a span may have.
func TestOutcomeOfAFullSpan(t *testing.T) {
	span, _, _ := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		for i := range 200 {
			trace.SpanFromContext(r.Context()).SetAttributes(trace.Int(fmt.Sprint(i), i))
		}
		http.Error(w, "no", http.StatusServiceUnavailable)
	}, request("GET", "http://h/"))
	assert.Len(t, span.Attributes, 128+3)
	tracetest.AssertAttributes(t, span, trace.Int("http.response.status_code", 503), trace.Int("http.response.body.size", 3), trace.String("error.type", "503"))
}

func TestPanicContinues(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	failure := errors.New("boom")
	h := New(tp)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(failure) }))
	require.PanicsWithValue(t, failure, func() { h.ServeHTTP(httptest.NewRecorder(), request("GET", "http://h/")) })
	span := exporter.Spans()[0]
	tracetest.AssertStatus(t, span, trace.StatusError, "boom")
	tracetest.AssertAttributes(t, span, trace.Int("http.response.status_code", 500), trace.String("error.type", "*errors.errorString"))
	require.Len(t, span.Events, 1)
	assert.Equal(t, trace.ExceptionEvent, span.Events[0].Name)
	assert.Contains(t, span.Events[0].Attributes[2].Value.Str(), "TestPanicContinues")
}

func TestGoexit(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	done := make(chan struct{})
	go func() {
		defer close(done)
		New(tp)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() })).ServeHTTP(httptest.NewRecorder(), request("GET", "http://h/"))
	}()
	<-done
	tracetest.AssertAttributes(t, exporter.Spans()[0], trace.String("error.type", "goexit"))
	Wait() // returns, since no work is pending
}

func TestHooks(t *testing.T) {
	var told []string
	span, w, errs := serve(t, Config{
		Route:     func(*http.Request) string { return "/route" },
		OnRequest: []func(*trace.Span, *http.Request){func(s *trace.Span, _ *http.Request) { s.SetAttributes(trace.Bool("mine", true)) }},
		OnHeaders: []func(context.Context, http.Header){ServerTiming, TraceResponse, func(context.Context, http.Header) { told = append(told, "headers") }},
	}, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "a")
		fmt.Fprint(w, "b")
	}, request("PURGE", "http://h/"))
	require.Empty(t, errs)
	assert.Equal(t, "HTTP /route", span.Name)
	assert.Equal(t, []string{"headers"}, told)
	assert.Equal(t, span.SpanContext.Traceparent(), w.Header().Get("Traceresponse"))
	assert.Contains(t, w.Header().Get("Server-Timing"), span.SpanContext.Traceparent())
	tracetest.AssertAttributes(t, span, trace.Bool("mine", true), trace.String("http.request.method", "_OTHER"), trace.String("http.request.method_original", "PURGE"))

	_, w, errs = serve(t, Config{
		Filter: func(*http.Request) bool { panic("filter") }, Route: func(*http.Request) string { panic("route") },
		TrustParent: func(*http.Request) bool { panic("trust") },
		OnRequest:   []func(*trace.Span, *http.Request){func(*trace.Span, *http.Request) { panic("request") }},
		OnHeaders:   []func(context.Context, http.Header){func(context.Context, http.Header) { panic("headers") }},
	}, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "fine") }, request("GET", "http://h/"))
	assert.Equal(t, "fine", w.Body.String())
	require.Len(t, errs, 5)
	for i, name := range []string{"Filter", "Route", "TrustParent", "OnRequest", "OnHeaders"} {
		assert.ErrorContains(t, errs[i], "Config."+name)
	}
}

func TestFilteredRequestIsUnchanged(t *testing.T) {
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	r := request("GET", "http://h/health")
	var got *http.Request
	New(tp, Config{Filter: func(*http.Request) bool { return false }})(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
	})).ServeHTTP(httptest.NewRecorder(), r)
	assert.Same(t, r, got)
	assert.Empty(t, exporter.Spans())
}

// Concurrent requests and their child spans are not mixed up.
func TestConcurrentRequests(t *testing.T) {
	const requests = 200
	exporter := tracetest.NewExporter()
	tp := trace.NewTracerProvider(trace.Config{Exporter: exporter})
	all := make(chan struct{})
	var inside, done sync.WaitGroup
	inside.Add(requests)
	h := New(tp)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := trace.Start(r.Context(), "below "+r.URL.Path)
		inside.Done()
		<-all // all requests are in their handlers now
		SetRoute(ctx, "/route"+r.URL.Path)
		span.SetAttributes(trace.String("path", r.URL.Path))
		span.End()
		fmt.Fprint(w, r.URL.Path)
	}))
	for i := range requests {
		done.Go(func() {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, request("GET", "http://h/"+strconv.Itoa(i)))
			assert.Equal(t, "/"+strconv.Itoa(i), w.Body.String())
		})
	}
	inside.Wait()
	close(all)
	done.Wait()
	batches := exporter.Batches()
	require.Len(t, batches, requests)
	for _, b := range batches {
		require.Len(t, b.Spans, 2)
		path, _ := b.Spans[0].Attribute("url.path")
		assert.Equal(t, "GET /route"+path.Str(), b.Spans[0].Name)
		assert.Equal(t, "below "+path.Str(), b.Spans[1].Name)
		tracetest.AssertAttributes(t, b.Spans[1], trace.String("path", path.Str()))
		tracetest.AssertChildOf(t, b.Spans[1], b.Spans[0])
	}
}
