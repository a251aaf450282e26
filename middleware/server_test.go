package middleware

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/fsttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestServerSpan(t *testing.T) {
	s := newSetup()
	r := request(t, "POST", "https://shop.example:8443/api/items%2F7?q=a%20b&token=abc#top",
		"User-Agent", "curl/8", "Content-Length", "12", "Accept", "*/*")
	r.RemoteAddr, r.ProtoMajor, r.ProtoMinor = "192.0.2.7", 2, 0
	w := s.serve(r, Config{}, func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		w.WriteHeader(fsthttp.StatusCreated)
		_, _ = io.WriteString(w, "made")
	})
	require.Equal(t, 201, w.Code)
	require.Equal(t, "made", w.Body.String())

	root := s.root(t)
	require.Equal(t, "POST", root.Name)
	require.Equal(t, trace.Status{}, root.Status)
	require.False(t, root.ParentSpanID.IsValid())
	require.Equal(t, map[string]any{
		"http.request.method":       "POST",
		"url.scheme":                "https",
		"url.path":                  "/api/items%2F7",
		"url.query":                 "q=a%20b&token=REDACTED",
		"server.address":            "shop.example",
		"server.port":               8443,
		"client.address":            "192.0.2.7",
		"network.protocol.version":  "2",
		"user_agent.original":       "curl/8",
		"http.request.body.size":    12,
		"http.response.status_code": 201,
		"http.response.body.size":   4,
	}, plain(root.Attributes))
	require.Equal(t, []string{"first_byte"}, events(root))
	require.Zero(t, root.DroppedAttributes)
}

// TestOutcomeOfAFullSpan checks that the attributes of a request's end are recorded even if the handler has set as many
// attributes as the limit allows.
func TestOutcomeOfAFullSpan(t *testing.T) {
	for _, limit := range []int{0, 1, 12} {
		s := newSetup(trace.Config{Limits: trace.Limits{Attributes: limit}})
		s.serve(request(t, "GET", "http://h/items/7"), Config{}, func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
			for i := range 200 {
				trace.SpanFromContext(ctx).SetAttributes(trace.Int("k"+strconv.Itoa(i), i))
			}
			SetRoute(ctx, "/items/{id}")
			w.WriteHeader(503)
			_, _ = io.WriteString(w, "later")
			_, err := Send(ctx, request(t, "POST", "https://api.example/v1/items", "Content-Length", "7"), "origin")
			require.Error(t, err)
		})
		root := s.root(t)
		if limit == 0 {
			limit = 128
		}
		require.Len(t, root.Attributes, limit+4)
		require.EqualValues(t, 200+4-limit, root.DroppedAttributes, "the request's own four come first")
		got := plain(root.Attributes[limit:])
		require.Equal(t, map[string]any{
			"http.route": "/items/{id}", "http.response.status_code": 503, "http.response.body.size": 5, "error.type": "503",
		}, got)
		kind, _ := s.span(t, "POST").Attribute("error.type")
		require.NotEmpty(t, kind.Str(), "nor are a backend's answers lost where the limit is low")
	}
}

// The handler's description of an error stays, although the middleware sets the status of a 502 without a description.
func TestDescriptionOfTheHandler(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/"), Config{}, func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		trace.SpanFromContext(ctx).SetStatus(trace.StatusError, "no price")
		w.WriteHeader(502)
	})
	require.Equal(t, trace.Status{Code: trace.StatusError, Description: "no price"}, s.root(t).Status)
}

func TestMethods(t *testing.T) {
	for method, want := range map[string]struct{ name, method, original string }{
		"GET":                     {"GET", "GET", ""},
		"HEAD":                    {"HEAD", "HEAD", ""},
		"POST":                    {"POST", "POST", ""},
		"PUT":                     {"PUT", "PUT", ""},
		"DELETE":                  {"DELETE", "DELETE", ""},
		"CONNECT":                 {"CONNECT", "CONNECT", ""},
		"OPTIONS":                 {"OPTIONS", "OPTIONS", ""},
		"TRACE":                   {"TRACE", "TRACE", ""},
		"PATCH":                   {"PATCH", "PATCH", ""},
		"QUERY":                   {"QUERY", "QUERY", ""},
		"":                        {"GET", "GET", ""},
		"get":                     {"HTTP", "_OTHER", "get"},
		"PURGE":                   {"HTTP", "_OTHER", "PURGE"},
		"GET ":                    {"HTTP", "_OTHER", "GET "},
		"\x00\xff\n":              {"HTTP", "_OTHER", "\x00\xff\n"},
		"_OTHER":                  {"HTTP", "_OTHER", "_OTHER"},
		strings.Repeat("X", 9000): {"HTTP", "_OTHER", strings.Repeat("X", 9000)},
	} {
		for _, route := range []string{"", "/items/{id}"} {
			s := newSetup()
			r := request(t, method, "http://h/items/1")
			s.serve(r, Config{Route: func(*fsthttp.Request) string { return route }}, hello)
			root := s.root(t)
			attrs := plain(root.Attributes)
			name := want.name
			if route != "" {
				name += " " + route
			}
			assert.Equal(t, name, root.Name, "%.20q", method)
			assert.Equal(t, want.method, attrs["http.request.method"], "%.20q", method)
			if want.original == "" {
				assert.NotContains(t, attrs, "http.request.method_original")
			} else {
				assert.Equal(t, want.original, attrs["http.request.method_original"])
			}
		}
	}
}

// The attributes that a request has, and those that it must not have.
func TestURLs(t *testing.T) {
	for _, test := range []struct {
		host string
		url  *url.URL
		want map[string]any
	}{
		{"h", nil, map[string]any{"server.address": "h"}},
		{"", nil, nil},
		{"", &url.URL{}, nil},
		{"", &url.URL{Host: "u.example:81"}, map[string]any{"server.address": "u.example", "server.port": 81}},
		{"h", &url.URL{Scheme: "https", Host: "u", Path: "/"}, map[string]any{"server.address": "h", "url.scheme": "https", "url.path": "/"}},
		{"h", &url.URL{Path: "*"}, map[string]any{"server.address": "h", "url.path": "*"}},
		{"h", &url.URL{Path: "/a b", RawPath: "/a%20b"}, map[string]any{"server.address": "h", "url.path": "/a%20b"}},
		{"h", &url.URL{Path: "/a\nb\x00\xff"}, map[string]any{"server.address": "h", "url.path": "/a%0Ab%00%FF"}},
		{"h", &url.URL{Path: `/"\`}, map[string]any{"server.address": "h", "url.path": "/%22%5C"}},
		{"h", &url.URL{RawQuery: "a=\x00\xff\"\n"}, map[string]any{"server.address": "h", "url.query": "a=\x00\xff\"\n"}},
		{"h", &url.URL{User: url.UserPassword("bob", "hunter2"), Host: "h"}, map[string]any{"server.address": "h"}},
		{"h", &url.URL{Fragment: "secret"}, map[string]any{"server.address": "h"}},
	} {
		s := newSetup()
		r := request(t, "GET", "/")
		r.URL, r.Host = test.url, test.host
		s.serve(r, Config{}, hello)
		attrs := plain(s.root(t).Attributes)
		for _, key := range []string{"http.request.method", "http.response.status_code", "http.response.body.size"} {
			assert.Contains(t, attrs, key)
			delete(attrs, key)
		}
		if test.want == nil {
			test.want = map[string]any{}
		}
		assert.Equal(t, test.want, attrs, "%q %#v", test.host, test.url)
	}
}

func TestProtocolVersions(t *testing.T) {
	for _, test := range []struct {
		major, minor int
		want         string
	}{
		{0, 0, ""}, {0, 9, ""}, {1, 0, "1.0"}, {1, 1, "1.1"}, {1, 7, "1.0"}, {2, 0, "2"}, {3, 0, "3"}, {-1, 0, ""},
	} {
		s := newSetup()
		s.serve(&fsthttp.Request{ProtoMajor: test.major, ProtoMinor: test.minor}, Config{}, nothing)
		got, _ := plain(s.root(t).Attributes)["network.protocol.version"].(string)
		assert.Equal(t, test.want, got, "%d.%d", test.major, test.minor)
	}
}

func TestContentLengths(t *testing.T) {
	for value, want := range map[string]int64{
		"0": 0, "1": 1, "007": 7, "123456789012345678": 123456789012345678,
		"": -1, "-1": -1, "+1": -1, "1.5": -1, "1e3": -1, " 1": -1, "1 ": -1, "abc": -1, "1234567890123456789": -1, "\xff": -1, "1, 1": -1,
	} {
		s := newSetup()
		s.serve(request(t, "POST", "http://h/", "Content-Length", value), Config{}, hello)
		size := int64(-1)
		for _, a := range s.root(t).Attributes {
			if a.Key == "http.request.body.size" {
				size = a.Value.Int64()
			}
		}
		assert.Equal(t, want, size, "%q", value)
	}
}

// A request without any fields does not cause a panic.
func TestZeroRequest(t *testing.T) {
	s := newSetup()
	s.serve(&fsthttp.Request{}, Config{RequestHeaders: []string{"x"}, ResponseHeaders: []string{"x"}}, hello)
	require.Equal(t, "GET", s.root(t).Name)
}

func TestHeaderCapture(t *testing.T) {
	s := newSetup()
	r := request(t, "GET", "http://h/",
		"Accept", "text/html", "accept", "text/plain", "Authorization", "Bearer abc", "Cookie", "a=1", "Cookie", "b=2",
		"X-Api-Key", "k", "X-Internal", "i", "X-Odd", "\x00\xff\r\n\"", "X-Empty", "", "X-Unnamed", "no")
	s.serve(r, Config{
		RequestHeaders:  []string{"accept", "AUTHORIZATION", "Cookie", "x-api-key", "X-Internal", "X-Odd", "X-Empty", "X-Missing", "", "  ", " x-spaced "},
		ResponseHeaders: []string{"content-type", "Set-Cookie", "X-Session-Token", "x-late"},
		Redact:          []string{"x_internal"},
		Reveal:          []string{"X-Session-Token"},
	}, func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		w.Header().Set("Content-Type", "text/css")
		w.Header().Add("Set-Cookie", "sid=1")
		w.Header().Add("Set-Cookie", "sid=2")
		w.Header().Set("X-Session-Token", "shown")
		w.WriteHeader(200)
		w.Header().Set("X-Late", "too late to be sent")
	})
	got := map[string]any{}
	for key, value := range plain(s.root(t).Attributes) {
		if strings.Contains(key, ".header.") {
			got[key] = value
		}
	}
	require.Equal(t, map[string]any{
		"http.request.header.accept":           []string{"text/html", "text/plain"},
		"http.request.header.authorization":    []string{"REDACTED"},
		"http.request.header.cookie":           []string{"REDACTED", "REDACTED"},
		"http.request.header.x-api-key":        []string{"REDACTED"},
		"http.request.header.x-internal":       []string{"REDACTED"},
		"http.request.header.x-odd":            []string{"\x00\xff\r\n\""},
		"http.request.header.x-empty":          []string{""},
		"http.response.header.content-type":    []string{"text/css"},
		"http.response.header.set-cookie":      []string{"REDACTED", "REDACTED"},
		"http.response.header.x-session-token": []string{"shown"},
	}, got)
	require.Equal(t, []string{"a=1", "b=2"}, r.Header["Cookie"], "the request is as it was")
}

// TestHeadersOfAnEmptyResponse checks that the headers of a response that the platform sends for the handler are recorded,
// unless the request may have been handed off.
func TestHeadersOfAnEmptyResponse(t *testing.T) {
	const key = "http.response.header.x-a"
	config := Config{ResponseHeaders: []string{"X-A"}}
	silent := func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) { w.Header().Set("X-A", "1") }

	s := newSetup()
	s.serve(request(t, "GET", "http://h/"), config, silent)
	assert.Equal(t, []string{"1"}, plain(s.root(t).Attributes)[key])
	assert.Equal(t, 200, plain(s.root(t).Attributes)["http.response.status_code"])

	s = newSetup()
	s.serve(request(t, "GET", "http://h/", "Upgrade", "websocket"), config, silent)
	assert.NotContains(t, plain(s.root(t).Attributes), key)
	assert.NotContains(t, plain(s.root(t).Attributes), "http.response.status_code")
}

// TestSecretsInCapturedURLs checks that secrets are redacted in URLs that are the values of captured headers.
func TestSecretsInCapturedURLs(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/", "Referer", "https://shop.example/cb?code=abc&page=2"), Config{
		RequestHeaders: []string{"Referer"}, ResponseHeaders: []string{"Location"}, Reveal: []string{"page_token"},
	}, func(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		w.Header().Set("Location", "https://bob:pw@shop.example/?page_token=3#access_token=abc")
		w.WriteHeader(302)
	})
	got := plain(s.root(t).Attributes)
	assert.Equal(t, []string{"https://shop.example/cb?code=REDACTED&page=2"}, got["http.request.header.referer"])
	assert.Equal(t, []string{"https://REDACTED:REDACTED@shop.example/?page_token=3#access_token=REDACTED"}, got["http.response.header.location"])
}

func TestNoHeadersByDefault(t *testing.T) {
	s := newSetup()
	s.serve(request(t, "GET", "http://h/", "Accept", "a"), Config{}, hello)
	for key := range plain(s.root(t).Attributes) {
		require.NotContains(t, key, ".header.")
	}
}

func TestNilProvider(t *testing.T) {
	var gotW fsthttp.ResponseWriter
	var gotR *fsthttp.Request
	w, r := fsttest.NewRecorder(), request(t, "GET", "http://h/")
	New(nil, Config{Filter: func(*fsthttp.Request) bool { panic("not asked") }})(
		fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
			gotW, gotR = w, r
			require.Nil(t, trace.SpanFromContext(ctx))
			SetRoute(ctx, "/x") // has no effect
		})).ServeHTTP(context.Background(), w, r)
	require.Same(t, w, gotW)
	require.Same(t, r, gotR)
}

// A nil Option counts as none.
func TestNilOption(t *testing.T) {
	s := newSetup()
	New(s.tp, nil)(fsthttp.HandlerFunc(hello)).ServeHTTP(context.Background(), fsttest.NewRecorder(), request(t, "GET", "http://h/"))
	require.Equal(t, 200, plain(s.root(t).Attributes)["http.response.status_code"])
}

func TestFilter(t *testing.T) {
	s := newSetup()
	config := Config{Filter: func(r *fsthttp.Request) bool { return r.URL.Path != "/healthz" }}
	called := 0
	for _, path := range []string{"/healthz", "/", "/healthz"} {
		w := fsttest.NewRecorder()
		New(s.tp, config)(fsthttp.HandlerFunc(func(ctx context.Context, got fsthttp.ResponseWriter, _ *fsthttp.Request) {
			called++
			traced := path == "/"
			require.Equal(t, traced, trace.SpanFromContext(ctx) != nil)
			require.Equal(t, !traced, got == fsthttp.ResponseWriter(w), "as it came")
		})).ServeHTTP(context.Background(), w, request(t, "GET", "http://h"+path))
	}
	require.Equal(t, 3, called)
	require.Equal(t, "/", plain(s.root(t).Attributes)["url.path"])
}

func TestHandlerGetsSpan(t *testing.T) {
	s := newSetup()
	type key struct{}
	ctx := context.WithValue(context.Background(), key{}, "value")
	New(s.tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
		require.Equal(t, "value", ctx.Value(key{}))
		ctx, child := trace.Start(ctx, "child")
		_, grandchild := trace.Start(ctx, "grandchild")
		grandchild.End()
		child.End()
		trace.SpanFromContext(ctx).SetAttributes(trace.Bool("late", true))
	})).ServeHTTP(ctx, fsttest.NewRecorder(), request(t, "GET", "http://h/"))
	root, child, grandchild := s.root(t), s.span(t, "child"), s.span(t, "grandchild")
	require.Len(t, s.all(), 1, "one export")
	require.Equal(t, root.SpanContext.SpanID, child.ParentSpanID)
	require.Equal(t, child.SpanContext.SpanID, grandchild.ParentSpanID)
	require.Equal(t, root.SpanContext.TraceID, grandchild.SpanContext.TraceID)
}

func TestOnRequest(t *testing.T) {
	s := newSetup()
	config := Config{OnRequest: []func(*trace.Span, *fsthttp.Request){
		FaaS, // natively there are no data
		func(span *trace.Span, r *fsthttp.Request) { span.SetAttributes(trace.String("path", r.URL.Path)) },
	}}
	s.serve(request(t, "GET", "http://h/x"), config, func(ctx context.Context, _ fsthttp.ResponseWriter, _ *fsthttp.Request) {})
	attrs := plain(s.root(t).Attributes)
	require.Equal(t, "/x", attrs["path"])
	require.Equal(t, "http", attrs["faas.trigger"])
	require.NotContains(t, attrs, "faas.invocation_id")
	require.NotContains(t, attrs, "faas.coldstart")

	called := false
	never := newSetup(trace.Config{Sampler: trace.Never()})
	never.serve(request(t, "GET", "http://h/x"), Config{OnRequest: []func(*trace.Span, *fsthttp.Request){
		func(*trace.Span, *fsthttp.Request) { called = true },
	}}, nothing)
	require.False(t, called, "not for a request that is not recorded")
}

func TestPanicsInConfig(t *testing.T) {
	boom := func(*fsthttp.Request) bool { panic("boom") }
	for field, config := range map[string]Config{
		"Filter":        {Filter: boom},
		"Route":         {Route: func(*fsthttp.Request) string { panic("boom") }},
		"TrustParent":   {TrustParent: boom},
		"OnRequest":     {OnRequest: []func(*trace.Span, *fsthttp.Request){func(*trace.Span, *fsthttp.Request) { panic("boom") }}},
		"AfterResponse": {AfterResponse: []func(context.Context){func(context.Context) { panic("boom") }}},
	} {
		s := newSetup()
		w := s.serve(request(t, "GET", "http://h/", "Traceparent", parentSampled), config, hello)
		require.Equal(t, "hello", w.Body.String(), field)
		require.Equal(t, "GET", s.root(t).Name, field)
		require.Equal(t, trace.StatusUnset, s.root(t).Status.Code, field)
		require.Equal(t, []string{"middleware: panic in Config." + field + ": boom"}, s.errs)
	}
}

// A function that panics does not prevent the calls of the others in its list.
func TestPanicAmongFunctions(t *testing.T) {
	s := newSetup()
	var called []string
	s.serve(request(t, "GET", "http://h/"), Config{
		OnRequest: []func(*trace.Span, *fsthttp.Request){
			func(*trace.Span, *fsthttp.Request) { panic("a") },
			func(*trace.Span, *fsthttp.Request) { called = append(called, "OnRequest") },
		},
		AfterResponse: []func(context.Context){
			func(context.Context) { panic("b") },
			func(context.Context) { called = append(called, "AfterResponse") },
		},
	}, nothing)
	require.Equal(t, []string{"OnRequest", "AfterResponse"}, called)
	require.Len(t, s.errs, 2)
}

func TestAfterResponse(t *testing.T) {
	o := &order{}
	s := newSetup()
	s.order = o
	config := Config{AfterResponse: []func(context.Context){func(ctx context.Context) {
		o.note("after")
		span := trace.SpanFromContext(ctx)
		require.True(t, span.SpanContext().IsValid())
		require.False(t, span.IsRecording(), "it has ended")
	}}}
	New(s.tp, config)(fsthttp.HandlerFunc(hello)).ServeHTTP(context.Background(), newWire(o), request(t, "GET", "http://h/"))
	require.Equal(t, []string{"write", "close", "export", "after"}, o.calls)

	require.PanicsWithValue(t, "boom", func() {
		s.serve(request(t, "GET", "http://h/"), config, func(context.Context, fsthttp.ResponseWriter, *fsthttp.Request) { panic("boom") })
	})
	require.Equal(t, []string{"export", "after"}, o.calls[4:])

	never := newSetup(trace.Config{Sampler: trace.Never()})
	never.serve(request(t, "GET", "http://h/"), config, hello)
	require.Equal(t, []string{"after"}, o.calls[6:], "also of a request that is not recorded")
}
