package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/sdk/trace"
)

// oddestMethod has all characters other than letters and digits that a method may have.
const oddestMethod = "!#$%&'*+-.^_`|~"

// TestUnknownMethods sends unknown methods, which must not become span names.
func TestUnknownMethods(t *testing.T) {
	odd.use(t)
	for _, method := range []string{"BREW", "get", "M-SEARCH", oddestMethod, strings.Repeat("X", 200)} {
		c := newCaller()
		r := odd.raw(t, odd.rawRequest(t, method, "/default/child", c))
		if host.name == "viceroy" && method == oddestMethod {
			assert.Equal(t, 400, r.code(), "Viceroy takes fewer characters than the specification allows")
			continue
		}
		assert.Equal(t, 200, r.code(), "%s: %s", method, r)
		server := odd.spans(t, c.trace, 2).server(t)
		assert.Equal(t, "HTTP", server.Name)
		assert.Equal(t, "_OTHER", server.attribute("http.request.method"))
		assert.Equal(t, method, server.attribute("http.request.method_original"))
	}
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "QUERY"} {
		c := newCaller()
		odd.raw(t, odd.rawRequest(t, method, "/default/child", c))
		server := odd.spans(t, c.trace, 2).server(t)
		assert.Equal(t, method, server.Name)
		assert.Equal(t, method, server.attribute("http.request.method"))
		assert.Nil(t, server.attribute("http.request.method_original"))
	}
}

// TestOddTargets sends unusual paths and queries. refused means that the host rejects the request.
func TestOddTargets(t *testing.T) {
	odd.use(t)
	for _, k := range []struct {
		target  string
		path    string // the span's
		query   any    // the span's
		refused bool   // by both hosts
	}{
		{target: "/default/a%0d%0ab%00c%7f", path: "/default/a%0d%0ab%00c%7f"},
		{target: "/default/%ff%fe", path: "/default/%ff%fe"},
		{target: "/default/%22quoted%22", path: "/default/%22quoted%22"},
		{target: `/default/'a';b,c!$&()*+=:@`, path: `/default/'a';b,c!$&()*+=:@`},
		{target: "/default/%F0%9F%8E%89%E2%80%A8", path: "/default/%F0%9F%8E%89%E2%80%A8"},
		{target: "//default//../x", path: "//default//../x"},
		{target: "/default/?", path: "/default/"},
		{target: "/default/?a=%22%00%ff&&=&b", path: "/default/", query: "a=%22%00%ff&&=&b"},
		{target: "/default/?token=hidden&a=1&API-Key=hidden&sig=hidden&X-Own-Secret=hidden&page_token=shown", path: "/default/",
			query: "token=REDACTED&a=1&API-Key=REDACTED&sig=REDACTED&X-Own-Secret=REDACTED&page_token=shown"},
		{target: "/default/?to%6ben=hidden&password=&secret", path: "/default/", query: "to%6ben=REDACTED&password=&secret"},
		{target: "/default/?q='quoted'", path: "/default/", query: "q='quoted'"},
		{target: "/default/?q=" + strings.Repeat("long", 1000), path: "/default/", query: "q=" + strings.Repeat("long", 1000)},
		{target: "/default/?q=" + strings.Repeat("%22", 10000), path: "/default/", query: nil}, // 30 kB, too much for a line
		{target: "/default/\x01", refused: true},
		{target: "/default/a b", refused: true},
	} {
		t.Run(shortened(url.PathEscape(k.target)), func(t *testing.T) {
			c := newCaller()
			r := odd.raw(t, odd.rawRequest(t, "GET", k.target, c))
			if k.refused {
				assert.Equal(t, 400, r.code(), "%s", r)
				odd.noSpans(c.trace)
				return
			}
			require.Equal(t, 200, r.code(), "%s", r)
			server := odd.root(t, c.trace)
			assert.Equal(t, k.path, server.attribute("url.path"))
			assert.Equal(t, k.query, server.attribute("url.query"))
			if len(k.target) > logendpoint.DefaultLineLimit {
				assert.NotZero(t, server.DroppedAttributes)
			}
		})
	}
}

// TestLongQuery sends a query of 60 kB, the most that Viceroy accepts.
func TestLongQuery(t *testing.T) {
	r := odd.get(t, "/default/child?q="+strings.Repeat("x", 60_000))
	assert.Equal(t, 200, r.StatusCode)
	server := odd.spans(t, r.trace, 2).server(t)
	assert.Nil(t, server.attribute("url.query"))
	assert.EqualValues(t, 1, server.DroppedAttributes)
	assert.Equal(t, 200, server.attribute("http.response.status_code"), "small attributes are kept")
}

// TestRawTargets sends bytes that a target must not contain, and that the two hosts handle differently.
func TestRawTargets(t *testing.T) {
	odd.use(t)
	for _, target := range []string{`/default/"quoted"`, "/default/caf\xc3\xa9", "/default/\xff\xfe", "/default/<>{}|\\^`", "/default/?q=\"\xff\""} {
		c := newCaller()
		r := odd.raw(t, odd.rawRequest(t, "GET", target, c))
		t.Logf("%q: %s", target, r)
		switch r.code() {
		case 200:
			server := odd.root(t, c.trace)
			path, _ := server.attribute("url.path").(string)
			assert.True(t, utf8.ValidString(path))
			assert.True(t, strings.HasPrefix(path, "/default/"), path)
		case 400:
			odd.noSpans(c.trace)
		default:
			assert.Fail(t, "neither served nor refused", "%q: %s", target, r)
		}
	}
}

// TestHTTP10 sends requests of clients that do not support chunked bodies, and may send no Host.
func TestHTTP10(t *testing.T) {
	odd.use(t)
	c := newCaller()
	r := odd.raw(t, "GET /default/child HTTP/1.0\r\nTraceparent: "+c.traceparent()+"\r\nConnection: close\r\n\r\n")
	refused(t, r)
	odd.noSpans(c.trace)
	c = newCaller()
	r = odd.raw(t, "GET /default/child HTTP/1.0\r\nHost: "+odd.addr+"\r\nTraceparent: "+c.traceparent()+"\r\nConnection: close\r\n\r\n")
	assert.Equal(t, 200, r.code(), "%s", r)
	assert.Equal(t, "done\n", r.body)
	server := odd.spans(t, c.trace, 2).server(t)
	assert.Equal(t, "1.0", server.attribute("network.protocol.version"))
}

// refused checks a host's response to a request without a URL that a guest could get.
func refused(t *testing.T, r rawResponse) {
	t.Helper()
	onLocal(t, "it says why", func() { assert.Equal(t, 400, r.code(), "%s", r) })
	onViceroy(t, "it ends the connection without a word", func() { assert.Equal(t, "no response", r.ending, "%s", r) })
}

// TestTargetsWithoutAPath tests the two kinds of targets that are not URLs: "*", and for CONNECT host and port.
func TestTargetsWithoutAPath(t *testing.T) {
	// Viceroy joins "*" to the host's name. If that has a port, the result cannot be parsed.
	star := func(s *service, method string, c caller) rawResponse {
		return s.raw(t, method+" * HTTP/1.1\r\nHost: a.example\r\nTraceparent: "+c.traceparent()+"\r\nConnection: close\r\n\r\n")
	}
	example.use(t)
	c := newCaller()
	r := star(example, "OPTIONS", c)
	assert.Equal(t, 404, r.code(), "the service is asked: %s", r)
	assert.Equal(t, "OPTIONS", example.root(t, c.trace).attribute("http.request.method"))
	c = newCaller()
	r = odd.raw(t, odd.rawRequest(t, "OPTIONS", "*", c))
	onLocal(t, "a port changes nothing", func() {
		assert.Equal(t, 200, r.code(), "%s", r)
		assert.Equal(t, "OPTIONS", odd.root(t, c.trace).attribute("http.request.method"))
	})
	onViceroy(t, "the guest gets a URL that the SDK cannot read, and ends", func() {
		assert.Equal(t, 500, r.code(), "%s", r)
		odd.noSpans(c.trace)
	})

	c = newCaller()
	refused(t, odd.raw(t, odd.rawRequest(t, "CONNECT", "a.example:443", c)))
	odd.noSpans(c.trace)

	c = newCaller()
	r = star(odd, "GET", c)
	onLocal(t, "it knows * with OPTIONS alone, as RFC 9112 does", func() {
		assert.Equal(t, 400, r.code(), "%s", r)
		odd.noSpans(c.trace)
	})
	onViceroy(t, "it asks the service", func() { assert.Equal(t, 200, r.code(), "%s", r) })
}

// TestBrokenEscape sends a path that is not valid in a URL. The SDK cannot parse it, and panics before it calls a handler.
func TestBrokenEscape(t *testing.T) {
	odd.use(t)
	c := newCaller()
	r := odd.raw(t, odd.rawRequest(t, "GET", "/default/%zz", c))
	odd.noSpans(c.trace)
	onLocal(t, "it says so, to the client and to whoever watches", func() {
		assert.Equal(t, 400, r.code(), "%s", r)
		assert.Contains(t, r.body, `edgespan serve: invalid URL escape "%zz" in the path`)
		odd.says(t, `GET "/default/%zz": invalid URL escape "%zz" in the path`)
	})
	onViceroy(t, "the guest gets the URL, and ends", func() { assert.Equal(t, 500, r.code(), "%s", r) })
}

// TestStatusOutOfRange has handlers whose status is out of the range of the platform's call, which takes 16 bits.
func TestStatusOutOfRange(t *testing.T) {
	for _, status := range []string{"-1", "99999"} {
		r := kinds.get(t, "/status/"+status)
		onLocal(t, "as 0, 99 and 1000", func() {
			assert.Equal(t, 200, r.StatusCode, status)
			assert.Equal(t, 200, kinds.root(t, r.trace).attribute("http.response.status_code"), status)
		})
		onViceroy(t, "the call traps", func() {
			assert.Equal(t, 500, r.StatusCode, status)
			kinds.noSpans(r.trace)
		})
	}
}

// TestBadHost sends hosts that are not valid in a URL. The SDK cannot parse the URL, and panics before it calls a handler.
func TestBadHost(t *testing.T) {
	odd.use(t)
	for host, viceroy := range map[string]int{
		"h:x": 500, "h:-1": 500, "[::1]x": 500, "[::g]": 500, "[]": 500, "[fe80::1%en0]": 500,
		"[::1": 0, "h%zz": 0, "h%41": 0, "h[": 0, "h:1:2": 0,
	} {
		c := newCaller()
		r := odd.raw(t, "GET /default/x HTTP/1.1\r\nHost: "+host+"\r\nTraceparent: "+c.traceparent()+"\r\nConnection: close\r\n\r\n")
		odd.noSpans(c.trace)
		onLocal(t, "it says so, to the client and to whoever watches", func() {
			assert.Equal(t, 400, r.code(), "%s: %s", host, r)
			assert.Contains(t, r.body, fmt.Sprintf("edgespan serve: the host %q is not valid in a URL: ", host))
			odd.says(t, fmt.Sprintf(`GET "/default/x": the host %q is not valid in a URL: `, host))
		})
		onViceroy(t, "the guest gets the URL, and ends, or it is not called", func() { assert.Equal(t, viceroy, r.code(), "%s: %s", host, r) })
	}
}

// TestHostWithCredentials sends a host that is valid in a URL, but not in a request.
func TestHostWithCredentials(t *testing.T) {
	r := odd.raw(t, "GET /default/x HTTP/1.1\r\nHost: user:pass@h\r\nConnection: close\r\n\r\n")
	onLocal(t, "as RFC 9110 has it", func() { assert.Equal(t, 400, r.code(), "%s", r) })
	onViceroy(t, "it asks the service", func() { assert.Equal(t, 200, r.code(), "%s", r) })
}

// TestHostHeader checks server.address and server.port for the different forms of a host.
func TestHostHeader(t *testing.T) {
	odd.use(t)
	for _, k := range []struct {
		host    string
		address any
		port    any
	}{
		{"shop.example", "shop.example", nil},
		{"shop.example:8080", "shop.example", 8080},
		{"[2001:db8::1]:443", "2001:db8::1", 443},
		{"[2001:db8::1]", "2001:db8::1", nil},
		{"192.0.2.7", "192.0.2.7", nil},
	} {
		c := newCaller()
		r := odd.raw(t, "GET /default/x HTTP/1.1\r\nHost: "+k.host+"\r\nTraceparent: "+c.traceparent()+"\r\nConnection: close\r\n\r\n")
		require.Equal(t, 200, r.code(), "%s: %s", k.host, r)
		server := odd.root(t, c.trace)
		assert.Equal(t, k.address, server.attribute("server.address"), k.host)
		assert.Equal(t, k.port, server.attribute("server.port"), k.host)
	}
}

// TestCapturedHeaders records request and response headers with arbitrary bytes.
func TestCapturedHeaders(t *testing.T) {
	odd.use(t)
	c := newCaller()
	r := odd.raw(t, odd.rawRequest(t, "GET", "/default/headers", c,
		"X-Odd: a \"quoted\" \\ caf\xe9 \t \xff value", "x-Many: one", "X-MANY: two, three",
		"Authorization: Bearer hidden", "X-Own-Secret: hidden", "Page-Token: shown", "X-Other: not asked for"))
	require.Equal(t, 200, r.code(), "%s", r)
	got := odd.root(t, c.trace).attributes()
	assert.Equal(t, []string{"a \"quoted\" \\ caf\ufffd \t \ufffd value"}, got["http.request.header.x-odd"])
	assert.Equal(t, []string{"one", "two, three"}, got["http.request.header.x-many"])
	assert.Equal(t, []string{"REDACTED"}, got["http.request.header.authorization"])
	assert.Equal(t, []string{"REDACTED"}, got["http.request.header.x-own-secret"])
	assert.Equal(t, []string{"shown"}, got["http.request.header.page-token"])
	assert.Equal(t, []string{"a \"quoted\" caf\ufffd \t value"}, got["http.response.header.x-reply"])
	assert.Equal(t, []string{"REDACTED", "REDACTED"}, got["http.response.header.set-cookie"])
	for key := range got {
		assert.NotContains(t, []string{"http.request.header.x-absent", "http.request.header.x-other", "http.request.header."}, key)
	}
}

// TestBackendURLs sends requests to URLs that contain credentials and secrets.
func TestBackendURLs(t *testing.T) {
	for _, k := range []struct {
		url, want, target string
		userinfo          bool
	}{
		{"http://x.example/data?token=hidden&a=1", "http://x.example/data?token=REDACTED&a=1", "/data?token=hidden&a=1", false},
		{"https://x.example:8443/data?hush=hidden", "https://x.example:8443/data?hush=REDACTED", "/data?hush=hidden", false},
		{"http://x.example/data#fragment", "http://x.example/data", "/data", false},
		{"http://x.example/a%20b/%ff?q=%22", "http://x.example/a%20b/%ff?q=%22", "/a%20b/%ff?q=%22", false},
		{"http://user:hidden@x.example/data", "http://REDACTED:REDACTED@x.example/data", "/data", true},
	} {
		t.Run(k.url, func(t *testing.T) {
			r := odd.get(t, "/default/backend?to=backend&url="+url.QueryEscape(k.url))
			call := odd.spans(t, r.trace, 2).client(t)
			assert.Equal(t, k.want, call.attribute("url.full"))
			assert.NotContains(t, call.attribute("url.full"), "hidden")
			if k.userinfo {
				onLocal(t, "it sends the host without the credentials", func() { assert.Equal(t, 200, r.StatusCode) })
				onViceroy(t, "it sends them in the Host header, which no server takes", func() { assert.Equal(t, 400, r.StatusCode) })
				return
			}
			assert.Equal(t, k.target, backend.askedOnce(t, r.caller).RequestURI, "the URL is sent unchanged")
		})
	}
}

// TestBackendErrors checks the client spans of requests that fail.
func TestBackendErrors(t *testing.T) {
	refused, dropped := "connection_refused", "http_incomplete_response"
	onViceroy(t, "it gives no cause to a request that was polled for, as the SDK does", func() {
		refused, dropped = "fastly.FastlyError", "fastly.FastlyError"
	})
	for _, k := range []struct {
		to, path  string
		status    int // the client's
		errorType any
		code      any // the client span's
	}{
		{"backend", "/status/200", 200, nil, 200},
		{"backend", "/status/304", 304, nil, 304},
		{"backend", "/status/404", 404, "404", 404},
		{"backend", "/status/503", 503, "503", 503},
		{"down", "/", 502, refused, nil},
		{"no-such-backend", "/", 502, "backend_not_found", nil},
		{"backend", "/drop", 502, dropped, nil},
	} {
		t.Run(k.to+k.path, func(t *testing.T) {
			r := odd.get(t, "/default/backend?to="+k.to+"&url=http://x.example"+k.path)
			assert.Equal(t, k.status, r.StatusCode)
			spans := odd.spans(t, r.trace, 2)
			spans.nest(t)
			call := spans.client(t)
			assert.Equal(t, k.to, call.attribute("fastly.backend"))
			assert.Equal(t, k.code, call.attribute("http.response.status_code"))
			if k.errorType == nil {
				assert.Equal(t, trace.Status{}, call.Status)
				assert.Nil(t, call.attribute("error.type"))
				return
			}
			assert.Equal(t, trace.StatusError, call.Status.Code)
			assert.Equal(t, k.errorType, call.attribute("error.type"))
		})
	}
}

// An attribute of 1 MB is dropped and counted. The span and its other attributes stay.
func TestLargeAttribute(t *testing.T) {
	r := odd.get(t, "/default/large?n=1000000")
	assert.Equal(t, "done\n", r.body)
	large := odd.spans(t, r.trace, 2).named(t, "large")
	assert.Equal(t, map[string]any{"odd.before": "kept", "odd.after": 1}, large.attributes())
	assert.EqualValues(t, 1, large.DroppedAttributes)
}

// TestManyAttributes exceeds each limit of a span.
func TestManyAttributes(t *testing.T) {
	r := odd.get(t, "/default/attributes?n=200")
	got := odd.spans(t, r.trace, 2).named(t, "attributes")
	events := 0
	for _, e := range got.Events {
		events += len(e.Attributes) + int(e.DroppedAttributes)
	}
	assert.Equal(t, 200, len(got.Attributes)+int(got.DroppedAttributes))
	assert.Equal(t, 200, len(got.Events)+int(got.DroppedEvents))
	assert.Equal(t, 200, len(got.Links)+int(got.DroppedLinks))
	assert.Equal(t, len(got.Events), events, "each event that is there had one attribute")
}

// Edgespan's decoder and the Collector's accept links without ids.
func TestLinksToNoSpan(t *testing.T) {
	r := odd.get(t, "/default/links")
	spans := odd.spans(t, r.trace, 2)
	state, err := trace.ParseTraceState("vendor=a")
	require.NoError(t, err)
	assert.Equal(t, []trace.Link{
		{SpanContext: spans.server(t).SpanContext},
		{Attributes: []trace.Attribute{trace.Int("odd.link", 1)}},
		{SpanContext: trace.SpanContext{TraceState: state}},
	}, spans.named(t, "links").Links)
	assert.EqualValues(t, 1, spans.named(t, "links").DroppedLinks)
}

// TestTenThousandSpans starts more spans than a line can hold. Each must be written once.
func TestTenThousandSpans(t *testing.T) {
	const n = 10_000
	r := odd.get(t, fmt.Sprintf("/default/spans?n=%d", n))
	assert.Equal(t, "done\n", r.body)
	spans := odd.spans(t, r.trace, 1+n)
	spans.nest(t)
	server := spans.server(t)
	numbers, lines := map[any]bool{}, map[int]bool{}
	for _, s := range spans {
		lines[s.line] = true
		if s.Kind != trace.SpanKindServer {
			numbers[s.attribute("odd.number")] = true
		}
		assert.Equal(t, server.resource, s.resource, "each line is complete by itself")
	}
	assert.Len(t, numbers, n)
	assert.Greater(t, len(lines), 100)
	t.Logf("%d lines", len(lines))
}

// TestTooManySpans exceeds the limit of a local trace. The dropped spans are counted.
func TestTooManySpans(t *testing.T) {
	const n, limit = 17_000, 16_384
	r := odd.get(t, fmt.Sprintf("/default/flat?n=%d", n))
	assert.Equal(t, "done\n", r.body)
	server := odd.spans(t, r.trace, limit).server(t)
	assert.Equal(t, 1+n-limit, server.attribute("edgespan.dropped_spans"))
}

// TestOddNames puts strings that JSON must escape into every place that has a string.
func TestOddNames(t *testing.T) {
	r := odd.get(t, "/default/names")
	assert.Equal(t, "done\n", r.body)
	spans := odd.spans(t, r.trace, 16)
	for _, name := range []string{"", "\x00", "\"quoted\"", `back\slash`, "line\nfeed\r\n", "tab\t", "\u2028\u2029", "caf\ufffd",
		"del\x7f", "</script>", "emoji 🎉", "\U0010ffff", strings.Repeat("long ", 100)} {
		s := spans.named(t, name)
		assert.Equal(t, name, s.Status.Description)
		require.Len(t, s.Events, 1)
		assert.Equal(t, map[string]any{"list": []string{name, name}}, valuesOf(s.Events[0].Attributes))
		if name == "" {
			assert.EqualValues(t, 1, s.DroppedAttributes, "an attribute without a key is none")
		} else {
			assert.Equal(t, map[string]any{name: name}, s.attributes())
		}
	}
}

func TestOddValues(t *testing.T) {
	r := odd.get(t, "/default/values")
	s := odd.spans(t, r.trace, 2).named(t, "values")
	got := s.attributes()
	assert.Equal(t, -1<<63, got["min"])
	assert.Equal(t, 1<<63-1, got["max"])
	assert.Equal(t, 5e-324, got["tiny"])
	assert.Equal(t, []bool{true, false}, got["bools"])
	assert.Equal(t, []int64{-1 << 63, 0, 1<<63 - 1}, got["ints"])
	assert.Equal(t, trace.StatusUnset, s.Status.Code)
	assert.Equal(t, s.Start, s.End, "an end before the start is the start")
}

// TestMisuse calls the methods of spans in wrong ways. The request is served, and the trace is complete.
func TestMisuse(t *testing.T) {
	r := odd.get(t, "/default/misuse")
	assert.Equal(t, "done\n", r.body)
	spans := odd.spans(t, r.trace, 2)
	s := spans.named(t, "misuse")
	assert.Empty(t, s.Attributes)
	assert.Empty(t, s.Events)
	assert.Equal(t, trace.Status{}, s.Status)
}

// TestClockGoesBackwards has a clock that is an hour earlier at each reading. No duration may be negative.
func TestClockGoesBackwards(t *testing.T) {
	r := odd.get(t, "/backwards/child")
	spans := odd.spans(t, r.trace, 2)
	spans.nest(t)
	for _, s := range spans {
		assert.GreaterOrEqual(t, s.End, s.Start, s.Name)
	}
}

// TestBadSettings serves requests whose filters, routes, exporters and error handlers panic.
func TestBadSettings(t *testing.T) {
	for _, setting := range []string{"bad-config", "bad-exporter", "bad-report", "nil-provider", "no-exporter", "filtered"} {
		t.Run(setting, func(t *testing.T) {
			for _, path := range []string{"/x", "/child"} {
				r := odd.get(t, "/"+setting+path)
				assert.Equal(t, 200, r.StatusCode)
				assert.Equal(t, "done\n", r.body)
				switch {
				case setting != "bad-config":
					odd.noSpans(r.trace)
				case path == "/x":
					odd.root(t, r.trace)
				default:
					odd.spans(t, r.trace, 2)
				}
			}
		})
	}
	// Each sandbox reports only its first four errors, since it reports at most four a second.
	for _, text := range []string{"Config.Filter", "Config.TrustParent", "Config.Route", "Config.OnRequest", "panic in Exporter.Export: exporter", "no export"} {
		odd.says(t, text)
	}
}

// TestBadRequests sends malformed requests. Both hosts reject them and continue to serve.
func TestBadRequests(t *testing.T) {
	odd.use(t)
	for _, text := range []string{
		"GET /default/x HTTP/1.1\r\nHost: x\r\nX-Odd: a\x00b\r\nConnection: close\r\n\r\n",
		"GET /default/x HTTP/1.1\r\nHost: x\r\nno colon\r\nConnection: close\r\n\r\n",
		"GET /default/x HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\nConnection: close\r\n\r\n",
		"GET /default/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nx",
		"GET /default/x\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 as TLS begins\r\n\r\n",
		"GET /default/x HTTP/9.9\r\nHost: x\r\n\r\n",
	} {
		r := odd.raw(t, text)
		assert.Contains(t, []int{0, 400, 505}, r.code(), "%q: %s", text, r)
	}
	r := odd.get(t, "/default/x")
	assert.Equal(t, 200, r.StatusCode)
	odd.root(t, r.trace)
}

// TestAbsoluteTarget sends an absolute URL as the target, as clients do to a proxy.
func TestAbsoluteTarget(t *testing.T) {
	c := newCaller()
	r := odd.raw(t, odd.rawRequest(t, "GET", "http://other.example:81/default/x?q=1", c))
	assert.Equal(t, 200, r.code(), "%s", r)
	server := odd.root(t, c.trace)
	assert.Equal(t, "/default/x", server.attribute("url.path"))
	assert.Equal(t, "q=1", server.attribute("url.query"))
	onLocal(t, "the target's host counts, as the specification has it", func() {
		assert.Equal(t, "other.example", server.attribute("server.address"))
		assert.Equal(t, 81, server.attribute("server.port"))
	})
	onViceroy(t, "the Host header counts", func() {
		assert.Equal(t, "127.0.0.1", server.attribute("server.address"))
	})
}

// TestAbsoluteTargetOfAnotherKind sends absolute URLs as the target that the hosts handle differently.
func TestAbsoluteTargetOfAnotherKind(t *testing.T) {
	odd.use(t)
	for target, want := range map[string]struct{ local, viceroy int }{
		"https://h/default/x":  {200, 500},
		"http://h:x/default/x": {400, 200},
	} {
		c := newCaller()
		r := odd.raw(t, "GET "+target+" HTTP/1.1\r\nHost: h\r\nTraceparent: "+c.traceparent()+"\r\nConnection: close\r\n\r\n")
		onLocal(t, "the target's host counts", func() { assert.Equal(t, want.local, r.code(), "%s: %s", target, r) })
		onViceroy(t, "the Host header counts, and the scheme must be http", func() { assert.Equal(t, want.viceroy, r.code(), "%s: %s", target, r) })
	}
}

// TestUnaskedResponse has a backend that sends a response too many. Only the standard logger of net/http hears of it.
func TestUnaskedResponse(t *testing.T) {
	r := odd.get(t, "/default/backend?to=backend&url=http://x.example/unasked")
	assert.Equal(t, 200, r.StatusCode)
	onLocal(t, "its messages have its prefix", func() { odd.says(t, "\nedgespan serve: net/http: Unsolicited response received on idle HTTP channel") })
}

// TestReservedEndpoint checks what a log endpoint says that the host refuses.
func TestReservedEndpoint(t *testing.T) {
	r := odd.get(t, "/default/reserved")
	assert.Equal(t, "0, logendpoint: fst_managed_x: Fastly error: Inval\n", r.body)
}
