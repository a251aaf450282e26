package workers

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestRequest(t *testing.T) {
	s := start(t, nil)
	resp, body := s.get(t, "/hello/bob?a=1&token=hunter2", "Traceparent", traceparent, "User-Agent", "a (b, c) d", "Cf-Ray", "8f1e2d3c4b5a6978-FRA")
	require.Equal(t, "hello bob", body)
	spans := s.arrived(t)
	require.Len(t, spans, 1)
	span := spans[0]

	assert.Equal(t, "GET /hello/{name}", span.Name)
	assert.Equal(t, trace.SpanKindServer, span.Kind)
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", span.SpanContext.TraceID.String())
	assert.Equal(t, "00f067aa0ba902b7", span.ParentSpanID.String())
	assert.Equal(t, `traceparent;desc="`+span.SpanContext.Traceparent()+`"`, resp.Header.Get("Server-Timing"))
	assert.Equal(t, trace.Status{}, span.Status)
	a := attrs(span.Attributes)
	for key, want := range map[string]string{
		"http.request.method":       "GET",
		"http.route":                "/hello/{name}",
		"http.response.status_code": "200",
		"http.response.body.size":   "9",
		"url.scheme":                "http",
		"url.path":                  "/hello/bob",
		"url.query":                 "a=1&token=REDACTED",
		"server.address":            "127.0.0.1",
		"client.address":            "127.0.0.1",
		"user_agent.original":       "a (b, c) d",
		"faas.trigger":              "http",
		"faas.invocation_id":        "8f1e2d3c4b5a6978-FRA",
		"faas.coldstart":            "true",
	} {
		assert.Equal(t, want, a[key], key)
	}
	assert.NotEmpty(t, a["cloudflare.colo"])
	assert.NotEmpty(t, a["geo.country.iso_code"])
	assert.Regexp(t, "^TLS_", a["tls.cipher"])
	assert.True(t, strings.HasSuffix(s.Host.URL, ":"+a["server.port"]))
	require.Len(t, span.Events, 1)
	assert.Equal(t, "first_byte", span.Events[0].Name)

	post := s.collector.Posts()[0]
	assert.Equal(t, "/v1/traces", post.Path)
	assert.Equal(t, "Bearer token4711", post.Header.Get("Authorization"))
	assert.Equal(t, "application/json", post.Header.Get("Content-Type"))
	batches, _ := s.collector.Batches()
	r := attrs(batches[0].Resource.Attributes)
	for key, want := range map[string]string{
		"service.name": "guest", "service.version": "v7", "faas.version": "version-id",
		"cloud.provider": "cloudflare", "cloud.platform": "cloudflare.workers", "telemetry.sdk.name": "edgespan",
	} {
		assert.Equal(t, want, r[key], key)
	}

	_, _ = s.get(t, "/hello/eve")
	second := s.arrived(t)[0]
	assert.Equal(t, "false", attrs(second.Attributes)["faas.coldstart"], "the isolate is warm, though each request has its own Go program")
	assert.NotEqual(t, span.SpanContext.TraceID, second.SpanContext.TraceID)
	assert.False(t, second.ParentSpanID.IsValid())
}

// workerd does not remove the white space behind a header's value.
func TestWhiteSpaceBehindTraceparent(t *testing.T) {
	s := start(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.Host.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(conn, "GET /hello/bob HTTP/1.1\r\nHost: x\r\nConnection: close\r\ntraceparent: \t "+traceparent+" \t\r\n\r\n")
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Contains(t, string(answer), "hello bob")
	span := s.arrived(t)[0]
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", span.SpanContext.TraceID.String())
	assert.Equal(t, "00f067aa0ba902b7", span.ParentSpanID.String())
}

func TestOutcomes(t *testing.T) {
	s := start(t, nil)
	for _, test := range []struct {
		path, name, status, size string
		fails                    bool
	}{
		{"/status/204", "GET /status/{code}", "204", "0", false},
		{"/status/404", "GET /status/{code}", "404", "0", false},
		{"/status/503", "GET /status/{code}", "503", "0", true},
		{"/nowhere", "GET", "404", "19", false},
		{"/stream", "GET /stream", "200", "", false},
		{"/stream/accepted", "GET /stream/accepted", "202", "", false},
	} {
		resp, body := s.get(t, test.path)
		span := s.arrived(t)[0]
		a := attrs(span.Attributes)
		assert.Equal(t, test.name, span.Name, test.path)
		assert.Equal(t, test.status, a["http.response.status_code"], test.path)
		assert.Equal(t, test.status, resp.Status[:3], test.path)
		assert.Equal(t, test.size, a["http.response.body.size"], test.path)
		assert.Equal(t, test.fails, span.Status.Code == trace.StatusError, test.path)
		if strings.HasPrefix(test.path, "/stream") {
			assert.Len(t, body, 1<<20)
		}
	}
}

func TestSampling(t *testing.T) {
	s := start(t, map[string]string{"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0"})
	resp, _ := s.get(t, "/fetch", "Traceparent", traceparent)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	_, sent := s.collector.Next(2 * time.Second)
	assert.False(t, sent, "a trace was sent")
}

// The platform does not read a body that must not be sent. A handler that writes one must still return.
func TestBodyThatIsNotSent(t *testing.T) {
	s := start(t, nil)
	for _, test := range [][3]string{{"GET", "204", "0"}, {"GET", "205", "0"}, {"GET", "304", "0"}, {"HEAD", "200", "0"}, {"HEAD", "404", "0"}, {"GET", "404", "27"}} {
		req, err := http.NewRequest(test[0], s.Host.URL+"/written/"+test[1], nil)
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, test[1], resp.Status[:3])
		span := s.arrived(t)[0]
		a := attrs(span.Attributes)
		assert.Equal(t, test[1], a["http.response.status_code"])
		assert.Equal(t, test[2], a["http.response.body.size"])
		assert.NotEqual(t, trace.StatusError, span.Status.Code)
	}
}
