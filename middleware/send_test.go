package middleware

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"sync"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Natively, a backend cannot be reached, and the span has the error.
func TestSendFails(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/"), Config{}, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		req := request(t, "POST", "https://bob:hunter2@api.example/v1/items?token=abc&q=1#top", "Content-Length", "7")
		resp, err := Send(ctx, req, "origin")
		require.Error(t, err)
		require.Nil(t, resp)
	})
	root, client := s.root(t), s.span(t, "POST")
	require.Equal(t, trace.SpanKindClient, client.Kind)
	require.Equal(t, root.SpanContext.SpanID, client.ParentSpanID)
	require.Equal(t, trace.StatusError, client.Status.Code)
	require.Contains(t, client.Status.Description, "not implemented: a handler that runs natively has no backends; in tests, use middleware.ContextWithBackends")
	attrs := plain(client.Attributes)
	require.NotEmpty(t, attrs["error.type"])
	delete(attrs, "error.type")
	require.Equal(t, map[string]any{
		"http.request.method":    "POST",
		"fastly.backend":         "origin",
		"url.full":               "https://REDACTED:REDACTED@api.example/v1/items?token=REDACTED&q=1",
		"server.address":         "api.example",
		"server.port":            443,
		"http.request.body.size": 7,
	}, attrs)
	require.Equal(t, trace.StatusUnset, root.Status.Code, "an error of a backend is not an error of the response")
}

func TestSendDescribes(t *testing.T) {
	for _, test := range []struct {
		method, url string
		want        map[string]any
	}{
		{"", "http://a/", map[string]any{"http.request.method": "GET", "url.full": "http://a/", "server.address": "a", "server.port": 80}},
		{"GET", "http://a:81", map[string]any{"http.request.method": "GET", "url.full": "http://a:81", "server.address": "a", "server.port": 81}},
		{"PURGE", "/path", map[string]any{"http.request.method": "_OTHER", "http.request.method_original": "PURGE", "url.full": "/path"}},
		{"GET", "ftp://a/", map[string]any{"http.request.method": "GET", "url.full": "ftp://a/", "server.address": "a"}},
		{"GET", "https://[2001:db8::1]/", map[string]any{"http.request.method": "GET", "url.full": "https://[2001:db8::1]/", "server.address": "2001:db8::1", "server.port": 443}},
		{"GET", "", map[string]any{"http.request.method": "GET"}},
	} {
		s := newSetup()
		ctx, root := s.tp.Start(context.Background(), "root", trace.StartConfig{})
		_, err := Send(ctx, request(t, test.method, test.url), "b")
		require.Error(t, err)
		root.End()
		name := test.method
		switch name {
		case "":
			name = "GET"
		case "PURGE":
			name = "HTTP"
		}
		attrs := plain(s.span(t, name).Attributes)
		delete(attrs, "error.type")
		test.want["fastly.backend"] = "b"
		assert.Equal(t, test.want, attrs, "%s %s", test.method, test.url)
	}
}

// compute-sdk-go also sends a URL that is only a path, with the Host header that the service sets.
func TestSendDescribesPathWithHost(t *testing.T) {
	s := newSetup()
	ctx, root := s.tp.Start(context.Background(), "root", trace.StartConfig{})
	_, _ = Send(ctx, request(t, "GET", "/items?q=1", "Host", "api.example:8443"), "b")
	root.End()
	attrs := plain(s.span(t, "GET").Attributes)
	require.Equal(t, "/items?q=1", attrs["url.full"])
	require.Equal(t, "api.example", attrs["server.address"])
	require.Equal(t, 8443, attrs["server.port"])
}

func TestKnownMethods(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "PURGE", "http://h/"), Config{KnownMethods: []string{"GET", "PURGE"}}, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
		_, _ = Send(ctx, request(t, "PURGE", "http://a/"), "b")
		_, _ = Send(ctx, request(t, "POST", "http://a/"), "b")
	})
	root := s.root(t)
	require.Equal(t, "PURGE", root.Name)
	require.Equal(t, "PURGE", plain(root.Attributes)["http.request.method"])
	require.NotContains(t, plain(root.Attributes), "http.request.method_original")
	b := s.capture.all()[0]
	require.Equal(t, "PURGE", b.Spans[1].Name)
	require.Equal(t, "HTTP", b.Spans[2].Name)
	require.Equal(t, "POST", plain(b.Spans[2].Attributes)["http.request.method_original"])
}

// The response to a HEAD has no body, whether or not the method is known.
func TestUnknownHead(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "HEAD", "http://h/"), Config{KnownMethods: []string{"GET"}}, func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		ctx = ContextWithBackends(ctx, func(*fsthttp.Request, string) (*fsthttp.Response, error) {
			return &fsthttp.Response{StatusCode: 200, Header: fsthttp.Header{"Content-Length": {"12"}}}, nil
		})
		_, err := Send(ctx, request(t, "HEAD", "http://a/"), "b")
		require.NoError(t, err)
		r.Method = "GET" // for the code after both
		_, _ = w.Write([]byte("hello"))
	})
	spans := s.capture.all()[0].Spans
	require.Equal(t, "HEAD", plain(spans[0].Attributes)["http.request.method_original"])
	require.Equal(t, 0, plain(spans[0].Attributes)["http.response.body.size"])
	require.Equal(t, "HEAD", plain(spans[1].Attributes)["http.request.method_original"])
	require.NotContains(t, plain(spans[1].Attributes), "http.response.body.size")
}

// A request that its caller cancels is not an error: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status.
func TestSendCanceled(t *testing.T) {
	s := newSetup()
	ctx, root := s.tp.Start(context.Background(), "root", trace.StartConfig{})
	ctx, cancel := context.WithCancel(ContextWithBackends(ctx, func(_ *fsthttp.Request, backend string) (*fsthttp.Response, error) {
		if backend == "slow" {
			return nil, fmt.Errorf("send: %w", context.Canceled)
		}
		return nil, context.DeadlineExceeded
	}))
	cancel()
	_, err := Send(ctx, request(t, "GET", "http://a/"), "slow")
	require.ErrorIs(t, err, context.Canceled)
	_, err = SendBody(ctx, request(t, "PUT", "http://a/"), "late")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	root.End()

	slow, late := s.span(t, "GET"), s.span(t, "PUT")
	require.Equal(t, trace.Status{}, slow.Status)
	require.NotContains(t, plain(slow.Attributes), "error.type")
	require.Equal(t, []string{"canceled"}, events(slow))
	require.Equal(t, trace.StatusError, late.Status.Code)
	require.Equal(t, "deadline_exceeded", plain(late.Attributes)["error.type"])
}

// The redaction of the middleware's Config also applies to the backend requests of its handlers.
func TestSendRedactsAsConfigured(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/"), Config{Redact: []string{"iban"}, Reveal: []string{"token"}},
		func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			ctx, span := trace.Start(ctx, "deeper")
			defer span.End()
			_, _ = Send(ctx, request(t, "PUT", "http://a/?iban=1&token=2&password=3"), "b")
		})
	require.Equal(t, "http://a/?iban=REDACTED&token=2&password=REDACTED", plain(s.span(t, "PUT").Attributes)["url.full"])
}

func TestSendWithoutSpan(t *testing.T) {
	req := request(t, "GET", "http://a/", "X", "1")
	header := req.Header
	_, err := Send(context.Background(), req, "b")
	require.Error(t, err)
	require.True(t, same(header, req.Header))
	require.Equal(t, fsthttp.Header{"X": {"1"}}, header)
}

// same reports whether two headers are the same map.
func same(a, b fsthttp.Header) bool {
	return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer()
}

// Send does not change the caller's request: afterwards it has its own header map, unchanged.
func TestSendLeavesRequestAlone(t *testing.T) {
	for _, sampler := range []trace.Sampler{trace.Always(), trace.Never()} {
		s := newSetup(trace.Config{Sampler: sampler})
		s.serve(request(t, "GET", "http://h/"), Config{}, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			req := request(t, "GET", "http://a/", "X", "1", "Traceparent", parentSampled, "Tracestate", "a=1")
			header, before := req.Header, req.Header.Clone()
			copied := *req
			_, err := Send(ctx, req, "b")
			require.Error(t, err)
			require.True(t, same(header, req.Header))
			require.Equal(t, before, req.Header)
			require.Equal(t, copied.URL, req.URL)
			require.Equal(t, copied.Method, req.Method)

			req.Header = nil
			_, err = Send(ctx, req, "b")
			require.Error(t, err)
			require.Nil(t, req.Header)
		})
	}
}

func TestWithTraceContext(t *testing.T) {
	sc, err := trace.ParseTraceparent(parentSampled)
	require.NoError(t, err)
	withState := sc
	withState.TraceState, err = trace.ParseTraceState("ot=th:8,a=1")
	require.NoError(t, err)
	for _, test := range []struct {
		name string
		h    fsthttp.Header
		sc   trace.SpanContext
		want fsthttp.Header
	}{
		{"nil", nil, sc, fsthttp.Header{"Traceparent": {parentSampled}}},
		{"empty", fsthttp.Header{}, sc, fsthttp.Header{"Traceparent": {parentSampled}}},
		{"others stay", fsthttp.Header{"X": {"1", "2"}}, sc, fsthttp.Header{"X": {"1", "2"}, "Traceparent": {parentSampled}}},
		{"state", fsthttp.Header{}, withState, fsthttp.Header{"Traceparent": {parentSampled}, "Tracestate": {"ot=th:8,a=1"}}},
		{"the client's are replaced", fsthttp.Header{"Traceparent": {"x", "y"}, "Tracestate": {"z=1", "y=2"}}, withState,
			fsthttp.Header{"Traceparent": {parentSampled}, "Tracestate": {"ot=th:8,a=1"}}},
		{"a state of others goes", fsthttp.Header{"Tracestate": {"z=1"}}, sc, fsthttp.Header{"Traceparent": {parentSampled}}},
		{"no context", fsthttp.Header{"Traceparent": {"x"}}, trace.SpanContext{}, fsthttp.Header{"Traceparent": {"x"}}},
	} {
		before := maps.Clone(test.h)
		require.Equal(t, test.want, outgoing(context.Background(), nil, test.h, test.sc, "b"), test.name)
		require.Equal(t, before, test.h, "%s: the caller's is as it was", test.name)
	}
}

// A backend gets the context of the client span, also if the span is not sampled.
func TestBackendGetsTraceContext(t *testing.T) {
	for _, sampled := range []bool{true, false} {
		config := trace.Config{Sampler: trace.Never()}
		if sampled {
			config.Sampler = trace.Always()
		}
		s := newSetup(config)
		r := request(t, "GET", "http://h/", "Traceparent", parentSampled, "Tracestate", "a=1")
		s.serve(r, Config{}, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {
			_, span := trace.StartWith(ctx, "client", trace.StartConfig{Kind: trace.SpanKindClient})
			defer span.End()
			h := outgoing(context.Background(), nil, fsthttp.Header{"X": {"1"}}, span.SpanContext(), "b")
			got, err := trace.ParseTraceparent(h.Get("Traceparent"))
			require.NoError(t, err)
			require.Equal(t, parentTrace, got.TraceID.String())
			require.NotEqual(t, parentSpan, got.SpanID.String())
			require.Equal(t, sampled, got.IsSampled())
			require.Equal(t, "a=1", h.Get("Tracestate"))
		})
		require.Equal(t, sampled, len(s.all()) == 1)
	}
}

// Many requests at the same time may share one header: the client's own, which is passed on to several backends.
func TestSharedHeaders(t *testing.T) {
	s := newSetup()
	r := request(t, "GET", "http://h/", "Accept", "*/*", "Traceparent", parentSampled)
	before := r.Header.Clone()
	s.serve(r, Config{}, func(ctx context.Context, _ fsthttp.ResponseWriter, r *fsthttp.Request) {
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				req := request(t, "GET", fmt.Sprintf("http://a/%d", i))
				req.Header = r.Header
				_, err := Send(ctx, req, "b")
				assert.Error(t, err)
				assert.True(t, same(r.Header, req.Header))
			}()
		}
		wg.Wait()
	})
	require.Equal(t, before, r.Header)
	require.Len(t, s.all()[0].Spans, 21)
}

func TestDescribeResponse(t *testing.T) {
	for _, test := range []struct {
		resp fsthttp.Response
		want map[string]any
		code trace.StatusCode
	}{
		{fsthttp.Response{StatusCode: 200, Header: fsthttp.Header{"Content-Length": {"12"}, "X-Cache": {"HIT"}}},
			map[string]any{"http.response.status_code": 200, "http.response.body.size": 12, "fastly.cache.outcome": "hit"}, trace.StatusUnset},
		{fsthttp.Response{StatusCode: 399}, map[string]any{"http.response.status_code": 399}, trace.StatusUnset},
		{fsthttp.Response{StatusCode: 400}, map[string]any{"http.response.status_code": 400, "error.type": "400"}, trace.StatusError},
		{fsthttp.Response{StatusCode: 502, Header: fsthttp.Header{"Content-Length": {"x"}}},
			map[string]any{"http.response.status_code": 502, "error.type": "502"}, trace.StatusError},
		{fsthttp.Response{}, map[string]any{}, trace.StatusUnset},
	} {
		s := newSetup()
		_, span := s.tp.Start(context.Background(), "client", trace.StartConfig{})
		describeResponse(span, request(t, "GET", "http://a/"), &test.resp)
		span.End()
		d := s.span(t, "client")
		require.Equal(t, test.want, plain(d.Attributes))
		require.Equal(t, trace.Status{Code: test.code}, d.Status)
	}
}

// Content-Length is the size of a body only if there is a body.
func TestResponseWithoutBody(t *testing.T) {
	for _, test := range []struct {
		method string
		status int
		want   map[string]any
	}{
		{"GET", 200, map[string]any{"http.response.status_code": 200, "http.response.body.size": 12}},
		{"HEAD", 200, map[string]any{"http.response.status_code": 200}},
		{"GET", 304, map[string]any{"http.response.status_code": 304}},
	} {
		s := newSetup()
		_, span := s.tp.Start(context.Background(), "client", trace.StartConfig{})
		describeResponse(span, request(t, test.method, "http://a/"), &fsthttp.Response{StatusCode: test.status, Header: fsthttp.Header{"Content-Length": {"12"}}})
		span.End()
		require.Equal(t, test.want, plain(s.span(t, "client").Attributes))
	}
}

// A response that bypasses the cache came from no cache of this service, whatever the origin's caches say.
func TestResponseThatPassesTheCache(t *testing.T) {
	s := newSetup()
	_, span := s.tp.Start(context.Background(), "client", trace.StartConfig{})
	req := request(t, "GET", "http://a/")
	req.CacheOptions.Pass = true
	describeResponse(span, req, &fsthttp.Response{StatusCode: 200, Header: fsthttp.Header{"X-Cache": {"HIT"}, "Age": {"100"}}})
	span.End()
	require.Equal(t, map[string]any{"http.response.status_code": 200, "fastly.cache.outcome": "pass"}, plain(s.span(t, "client").Attributes))
}

func TestCacheOutcome(t *testing.T) {
	for _, test := range []struct {
		values []string
		want   string
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{"HIT"}, "hit"},
		{[]string{"MISS"}, "miss"},
		{[]string{"PASS"}, "pass"},
		{[]string{"HIT-CLUSTER"}, "hit"},
		{[]string{"MISS, HIT"}, "hit"},
		{[]string{"HIT,MISS"}, "miss"},
		{[]string{"HIT", "MISS"}, "miss"},
		{[]string{"MISS", "HIT, HIT "}, "hit"},
		{[]string{"HIT,"}, ""},
		{[]string{"Hit from cloudfront"}, ""},
		{[]string{"ERROR"}, ""},
		{[]string{"\x00"}, ""},
	} {
		resp := &fsthttp.Response{Header: fsthttp.Header{}}
		if test.values != nil {
			resp.Header["X-Cache"] = test.values
		}
		assert.Equal(t, test.want, cacheOutcome(resp), "%q", test.values)
	}
	assert.Empty(t, cacheOutcome(&fsthttp.Response{}))
}

type backendError struct{}

func (*backendError) Error() string { return "backend" }

func TestErrorTypes(t *testing.T) {
	wrap := func(err error) error { return fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", err)) }
	for want, err := range map[string]error{
		"backend_not_found":        fsthttp.ErrBackendNotFound,
		"canceled":                 context.Canceled,
		"deadline_exceeded":        context.DeadlineExceeded,
		"*middleware.backendError": &backendError{},
		"*errors.errorString":      errors.New("x"),
	} {
		assert.Equal(t, want, errorType(err))
		assert.Equal(t, want, errorType(wrap(err)))
	}
	for cause, want := range map[error]string{
		fsthttp.SendError{Tag: fsthttp.SendErrorDNSTimeout}:                        "dns_timeout",
		fsthttp.SendError{Tag: fsthttp.SendErrorDNSError}:                          "dns_error",
		fsthttp.SendError{Tag: fsthttp.SendErrorDestinationNotFound}:               "destination_not_found",
		fsthttp.SendError{Tag: fsthttp.SendErrorDestinationUnavailable}:            "destination_unavailable",
		fsthttp.SendError{Tag: fsthttp.SendErrorDestinationIPUnroutable}:           "destination_ip_unroutable",
		fsthttp.SendError{Tag: fsthttp.SendErrorConnectionRefused}:                 "connection_refused",
		fsthttp.SendError{Tag: fsthttp.SendErrorConnectionTerminated}:              "connection_terminated",
		fsthttp.SendError{Tag: fsthttp.SendErrorConnectionTimeout}:                 "connection_timeout",
		fsthttp.SendError{Tag: fsthttp.SendErrorConnectionLimitReached}:            "connection_limit_reached",
		fsthttp.SendError{Tag: fsthttp.SendErrorTLSCertificateError}:               "tls_certificate_error",
		fsthttp.SendError{Tag: fsthttp.SendErrorTLSConfigurationError}:             "tls_configuration_error",
		fsthttp.SendError{Tag: fsthttp.SendErrorTLSAlertReceived}:                  "tls_alert_received",
		fsthttp.SendError{Tag: fsthttp.SendErrorTLSProtocolError}:                  "tls_protocol_error",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPIncompleteResponse}:            "http_incomplete_response",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPResponseHeaderSectionTooLarge}: "http_response_header_section_too_large",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPResponseBodyTooLarge}:          "http_response_body_too_large",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPResponseTimeout}:               "http_response_timeout",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPResponseStatusInvalid}:         "http_response_status_invalid",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPUpgradeFailed}:                 "http_upgrade_failed",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPProtocolError}:                 "http_protocol_error",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPRequestCacheKeyInvalid}:        "http_request_cache_key_invalid",
		fsthttp.SendError{Tag: fsthttp.SendErrorHTTPRequestURIInvalid}:             "http_request_uri_invalid",
		fsthttp.SendError{Tag: fsthttp.SendErrorInternalError}:                     "internal_error",
		fsthttp.SendError{Tag: 9999}:                                               fault.TypeName(fsthttp.SendError{}),
		fmt.Errorf("also: %w", fsthttp.SendError{Tag: fsthttp.SendErrorDNSError}):  "dns_error",
	} {
		assert.Equal(t, want, errorType(cause))
		assert.Equal(t, want, errorType(wrap(cause)))
	}
}
