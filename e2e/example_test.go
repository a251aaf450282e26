package e2e

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// asServed returns the attributes that every server span of the suite has, and those in more.
func asServed(t *testing.T, s *service, more map[string]any) map[string]any {
	t.Helper()
	port, err := strconv.Atoi(s.addr[strings.LastIndexByte(s.addr, ':')+1:])
	require.NoError(t, err)
	want := map[string]any{
		"http.request.method":      "GET",
		"url.scheme":               "http",
		"server.address":           "127.0.0.1",
		"server.port":              port,
		"client.address":           "127.0.0.1",
		"network.protocol.version": "1.1",
		"user_agent.original":      "Go-http-client/1.1",
	}
	maps.Copy(want, more)
	return want
}

func TestGreeting(t *testing.T) {
	r := example.get(t, "/?name=Ada&token=hidden")
	assert.Equal(t, 200, r.StatusCode)
	assert.Equal(t, "Hello, Ada!\n", r.body)

	spans := example.spans(t, r.trace, 2)
	spans.oneLine(t)
	spans.nest(t)
	server := spans.server(t)
	assert.Equal(t, "GET /", server.Name)
	assert.Equal(t, r.span, server.ParentSpanID)
	assert.True(t, server.ParentRemote)
	assert.Equal(t, trace.StatusUnset, server.Status.Code)
	assert.Equal(t, asServed(t, example, map[string]any{
		"url.path":                  "/",
		"url.query":                 "name=Ada&token=REDACTED",
		"http.route":                "/",
		"http.response.status_code": 200,
		"http.response.body.size":   len(r.body),
	}), server.attributes())
	assert.Len(t, server.events("first_byte"), 1)

	greet := spans.named(t, "greet")
	assert.Equal(t, trace.SpanKindInternal, greet.Kind)
	assert.Equal(t, map[string]any{"example.name.length": 3}, greet.attributes())
}

// TestResource checks the resource attributes about the sandbox. Both hosts have the same placeholders for them.
func TestResource(t *testing.T) {
	r := example.get(t, "/")
	server := example.spans(t, r.trace, 2).server(t)
	got := valuesOf(server.resource.Attributes)
	sandbox := got["faas.instance"]
	assert.Regexp(t, `^[0-9a-f]{32}$`, sandbox)
	assert.Equal(t, map[string]any{
		"service.name":            "example-service",
		"service.version":         "0",
		"service.instance.id":     sandbox,
		"telemetry.sdk.language":  "go",
		"telemetry.sdk.name":      "edgespan",
		"telemetry.sdk.version":   trace.Version,
		"cloud.provider":          "fastly",
		"cloud.platform":          "fastly.compute",
		"cloud.region":            "Somewhere",
		"cloud.availability_zone": "XXX",
		"faas.name":               "0000000000000000000000",
		"faas.version":            "0",
		"faas.instance":           sandbox,
		"host.name":               "localhost",
	}, got)
}

func TestBackendCall(t *testing.T) {
	r := example.get(t, "/api/data", header("Tracestate", "vendor=kept"))
	assert.Equal(t, 200, r.StatusCode)
	assert.Equal(t, `{"data":"from the origin"}`, r.body)
	assert.Equal(t, "application/json", r.Header.Get("Content-Type"))

	spans := example.spans(t, r.trace, 2)
	spans.oneLine(t)
	spans.nest(t)
	server, call := spans.server(t), spans.named(t, "GET")
	assert.Equal(t, "GET /api/data", server.Name)
	assert.Equal(t, trace.SpanKindClient, call.Kind)
	assert.Equal(t, server.SpanContext.SpanID, call.ParentSpanID)
	assert.Equal(t, trace.StatusUnset, call.Status.Code)
	assert.Equal(t, map[string]any{
		"http.request.method":       "GET",
		"fastly.backend":            "backend",
		"url.full":                  "http://backend/data",
		"server.address":            "backend",
		"server.port":               80,
		"http.response.status_code": 200,
		"http.response.body.size":   len(r.body),
	}, without(call.attributes(), "fastly.cache.outcome"))

	asked := backend.askedOnce(t, r.caller)
	got := parsed(t, asked.Header.Get("Traceparent"))
	assert.Equal(t, r.trace, got.TraceID)
	assert.Equal(t, call.SpanContext.SpanID, got.SpanID, "the backend's parent is the client span")
	assert.True(t, got.IsSampled())
	assert.Equal(t, "vendor=kept", asked.Header.Get("Tracestate"))
}

func without(m map[string]any, keys ...string) map[string]any {
	for _, key := range keys {
		delete(m, key)
	}
	return m
}

func TestTwoBackendsAtOnce(t *testing.T) {
	r := example.get(t, "/api/items/7")
	assert.Equal(t, 200, r.StatusCode)
	assert.JSONEq(t, `{"item":{"items":"7"},"stock":{"stock":"7"}}`, r.body)

	spans := example.spans(t, r.trace, 6)
	spans.oneLine(t)
	spans.nest(t)
	server := spans.server(t)
	assert.Equal(t, "GET /api/items/{id}", server.Name)
	assert.Equal(t, "/api/items/{id}", server.attribute("http.route"))
	assert.Equal(t, "/api/items/7", server.attribute("url.path"))
	assert.Equal(t, "7", server.attribute("example.item.id"))
	assert.Len(t, spans.under(server), 3)

	details, stock, render := spans.named(t, "item.details"), spans.named(t, "item.stock"), spans.named(t, "render")
	for _, half := range []struct {
		span   span
		origin *origin
	}{{details, backend}, {stock, inventory}} {
		assert.Equal(t, server.SpanContext.SpanID, half.span.ParentSpanID)
		calls := spans.under(half.span)
		require.Len(t, calls, 1)
		assert.Equal(t, trace.SpanKindClient, calls[0].Kind)
		assert.Equal(t, half.origin.name, calls[0].attribute("fastly.backend"))
		got := parsed(t, half.origin.askedOnce(t, r.caller).Header.Get("Traceparent"))
		assert.Equal(t, r.trace, got.TraceID)
		assert.Equal(t, calls[0].SpanContext.SpanID, got.SpanID)
	}
	assert.Less(t, details.Start, stock.End, "the two overlap")
	assert.Less(t, stock.Start, details.End, "the two overlap")
	assert.GreaterOrEqual(t, render.Start, max(details.End, stock.End))
}

// TestBackendTrouble uses backends that answer with an error or not at all.
func TestBackendTrouble(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	hangUp := func(w http.ResponseWriter, _ *http.Request) { abort(w, "") }
	whenBothAreAsked := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			meet(r.Header.Get("Traceparent"))
			h(w, r)
		}
	}
	for name, k := range map[string]struct {
		path      string
		answer    http.HandlerFunc
		status    int
		spans     int
		errorType any  // the client span's
		failed    bool // the server span fails
	}{
		"503":           {"/api/data", status(503), 503, 2, "503", true},
		"404":           {"/api/data", status(404), 404, 2, "404", false},
		"hangs up":      {"/api/data", hangUp, 502, 2, "?", true},
		"one hangs up":  {"/api/items/1", whenBothAreAsked(hangUp), 502, 5, "?", true},
		"one has a 500": {"/api/items/1", whenBothAreAsked(status(500)), 502, 5, "500", true},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCaller()
			backend.answer(c, k.answer)
			r := example.get(t, k.path, from(c))
			assert.Equal(t, k.status, r.StatusCode)
			spans := example.spans(t, c.trace, k.spans)
			spans.nest(t)
			server := spans.server(t)
			assert.Equal(t, k.failed, server.Status.Code == trace.StatusError)
			assert.Equal(t, k.status, server.attribute("http.response.status_code"))
			failed := 0
			for _, s := range spans {
				if s.Kind != trace.SpanKindClient || s.attribute("fastly.backend") != "backend" {
					continue
				}
				failed++
				assert.Equal(t, trace.StatusError, s.Status.Code)
				if k.errorType == "?" {
					assert.NotEmpty(t, s.attribute("error.type"))
					assert.NotEmpty(t, s.Status.Description)
					assert.Nil(t, s.attribute("http.response.status_code"))
				} else {
					assert.Equal(t, k.errorType, s.attribute("error.type"))
				}
			}
			assert.Equal(t, 1, failed)
		})
	}
}

func TestHandlerPanics(t *testing.T) {
	r := example.get(t, "/panic")
	assert.Equal(t, 500, r.StatusCode)

	server := example.root(t, r.trace)
	assert.Equal(t, "GET /panic", server.Name)
	assert.Equal(t, trace.Status{Code: trace.StatusError, Description: "example: this handler always panics"}, server.Status)
	assert.Equal(t, 500, server.attribute("http.response.status_code"))
	assert.Equal(t, "string", server.attribute("error.type"))
	exceptions := server.events("exception")
	require.Len(t, exceptions, 1)
	got := valuesOf(exceptions[0].Attributes)
	assert.Equal(t, "string", got["exception.type"])
	assert.Equal(t, "example: this handler always panics", got["exception.message"])
	assert.Contains(t, got["exception.stacktrace"], "main.handle(")
	example.says(t, "panic: example: this handler always panics") // the panic continues

	assert.Equal(t, 200, example.get(t, "/").StatusCode, "the host continues to serve")
}

func TestStreaming(t *testing.T) {
	example.use(t)
	c := newCaller()
	req, err := http.NewRequest(http.MethodGet, "http://"+example.addr+"/stream", nil)
	require.NoError(t, err)
	req.Header.Set("Traceparent", c.traceparent())
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body := bufio.NewReader(resp.Body)
	firstLine, err := body.ReadString('\n')
	firstAt := time.Now()
	require.NoError(t, err)
	rest, err := io.ReadAll(body)
	require.NoError(t, err)
	var want strings.Builder
	for i := 1; i <= 5; i++ {
		fmt.Fprintf(&want, "piece %d of 5\n", i)
	}
	assert.Equal(t, want.String(), firstLine+string(rest))

	server := example.root(t, c.trace)
	pieces := server.events("piece")
	require.Len(t, pieces, 5)
	assert.Less(t, firstAt.UnixNano(), pieces[4].Time, "the client has the first piece before the last is made")
	assert.Equal(t, want.Len(), server.attribute("http.response.body.size"))
}

// An id that would lead to another path at the backend is rejected.
func TestItemIDOutsideThePath(t *testing.T) {
	for _, id := range []string{"%2e%2e", ".%2E", "%2e"} {
		r := example.get(t, "/api/items/"+id)
		assert.Equal(t, 404, r.StatusCode, id)
		assert.Len(t, example.spans(t, r.trace, 1), 1, "no backend request is sent")
	}
}

func TestNotFound(t *testing.T) {
	r := example.get(t, "/nothing/here")
	assert.Equal(t, 404, r.StatusCode)
	server := example.root(t, r.trace)
	assert.Equal(t, "GET", server.Name, "an unknown path is no route")
	assert.Nil(t, server.attribute("http.route"))
	assert.Equal(t, 404, server.attribute("http.response.status_code"))
	assert.Equal(t, trace.StatusUnset, server.Status.Code, "a client's mistake is not the server's error")
	assert.Nil(t, server.attribute("error.type"))
}

func TestSlowHandler(t *testing.T) {
	r := example.get(t, "/slow?ms=120")
	assert.Equal(t, "That took 120 ms.\n", r.body)
	spans := example.spans(t, r.trace, 2)
	spans.nest(t)
	for _, s := range spans {
		assert.GreaterOrEqual(t, time.Duration(s.End-s.Start), 115*time.Millisecond, s.Name)
	}
}

// TestTraceBeginsHere sends no traceparent. The test finds the trace by its query string.
func TestTraceBeginsHere(t *testing.T) {
	name := newCaller().trace.String()
	r := example.get(t, "/?name="+name, header("Traceparent"))
	assert.Equal(t, "Hello, "+name+"!\n", r.body)
	server := example.find(t, func(s span) bool { return s.attribute("url.query") == "name="+name })
	assert.False(t, server.ParentSpanID.IsValid())
	assert.False(t, server.ParentRemote)
	assert.True(t, server.SpanContext.IsSampled())
	assert.True(t, server.SpanContext.TraceFlags.IsRandom(), "the id is drawn at random, and says so")
}
