package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// bridged is a service with libraries that use only the OpenTelemetry API.
var bridged = &service{name: "otelbridge", pkg: "./otelbridge/example"}

func init() { services = append(services, bridged) }

// otelhttp's transport works in an http.Client that sends through fsthttp.Transport.
func TestOTelHTTPTransport(t *testing.T) {
	r := bridged.get(t, "/client", header("Tracestate", "vendor=1"))
	require.Equal(t, 200, r.StatusCode, r.body)
	assert.Equal(t, `{"data":"from the origin"}`, r.body)

	spans := bridged.spans(t, r.trace, 2)
	spans.oneLine(t)
	spans.nest(t)
	server, client := spans.server(t), spans.named(t, "HTTP GET")
	assert.Equal(t, trace.SpanKindClient, client.Kind)
	assert.Equal(t, server.SpanContext.SpanID, client.ParentSpanID)
	assert.Equal(t, trace.StatusUnset, client.Status.Code)
	assert.Equal(t, "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp", client.Scope.Name)
	assert.NotEmpty(t, client.Scope.Version)
	got := client.attributes()
	assert.Equal(t, "GET", got["http.request.method"])
	assert.Equal(t, "http://backend.example/data?page=1", got["url.full"])
	assert.Equal(t, "backend.example", got["server.address"])
	assert.Equal(t, 200, got["http.response.status_code"])

	asked := backend.askedOnce(t, r.caller)
	assert.Equal(t, client.SpanContext.Traceparent(), asked.Header.Get("Traceparent"), "OpenTelemetry's propagator has written it")
	assert.Equal(t, "vendor=1", asked.Header.Get("Tracestate"))
}

// All methods of the API's span work.
func TestOTelSpan(t *testing.T) {
	r := bridged.get(t, "/library")
	require.Equal(t, 200, r.StatusCode, r.body)
	spans := bridged.spans(t, r.trace, 4)
	spans.oneLine(t)
	server, span := spans.server(t), spans.named(t, "library")
	assert.Equal(t, true, server.attribute("library.was.here"), "set through the API on the middleware's span")

	said := strings.Fields(r.body)
	require.Len(t, said, 6, r.body)
	assert.Equal(t, []string{r.trace.String(), span.SpanContext.SpanID.String(), "true", "false"}, said[:4])
	assert.Equal(t, "broken", said[5], "the panic went on")

	assert.Equal(t, server.SpanContext.SpanID, span.ParentSpanID)
	assert.Equal(t, trace.SpanKindProducer, span.Kind)
	assert.Equal(t, &trace.Scope{Name: "example.com/library", Version: "v1.2.3"}, span.Scope)
	assert.Equal(t, trace.Status{Code: trace.StatusError, Description: "failed"}, span.Status)
	assert.Equal(t, int64(2*time.Second), span.End-span.Start)
	assert.Equal(t, map[string]any{
		"string": "text", "int": 7, "bool": true, "float": 0.5,
		"strings": []string{"a", "b"}, "ints": []int64{1, 2}, "bools": []bool{true, false}, "floats": []float64{0.5, 1.5},
		"bytes": "/wA=", "map": `{"a":1}`, "mixed": `["a",1]`, "empty": nil,
	}, span.attributes())

	require.Len(t, span.Events, 3)
	assert.Equal(t, "event", span.Events[0].Name)
	assert.Greater(t, span.Events[0].Time, span.Start)
	assert.Equal(t, "event at a time", span.Events[1].Name)
	assert.Equal(t, int64(time.Millisecond), span.Events[1].Time-span.Start)
	assert.Equal(t, map[string]any{"n": 1}, valuesOf(span.Events[1].Attributes))
	failure := valuesOf(span.Events[2].Attributes)
	assert.Equal(t, "*errors.errorString", failure["exception.type"])
	assert.Equal(t, "not fatal", failure["exception.message"])
	assert.Contains(t, failure["exception.stacktrace"], "main.library")

	require.Len(t, span.Links, 2)
	for _, link := range span.Links {
		assert.Equal(t, server.SpanContext.SpanID, link.SpanContext.SpanID)
	}
	assert.Equal(t, map[string]any{"link": 1}, valuesOf(span.Links[0].Attributes))

	assert.Equal(t, span.SpanContext.SpanID, spans.named(t, "of the span's provider").ParentSpanID)
	panicked := spans.named(t, "panic")
	require.Len(t, panicked.events("exception"), 1)
	assert.Equal(t, map[string]any{"exception.type": "string", "exception.message": "broken"}, valuesOf(panicked.events("exception")[0].Attributes))

	root := bridged.find(t, inTrace(said[4]))
	assert.Equal(t, "new root", root.Name)
	assert.False(t, root.ParentSpanID.IsValid())
}

func inTrace(id string) func(span) bool {
	return func(s span) bool { return s.SpanContext.TraceID.String() == id }
}

// A span of one API is the parent of the next span of the other.
func TestOTelAndEdgespanAlternate(t *testing.T) {
	r := bridged.get(t, "/both")
	require.Equal(t, 200, r.StatusCode, r.body)
	spans := bridged.spans(t, r.trace, 6)
	spans.oneLine(t)
	spans.nest(t)
	parent := spans.server(t)
	for _, name := range []string{"native", "library", "native below"} {
		child := spans.named(t, name)
		assert.Equal(t, parent.SpanContext.SpanID, child.ParentSpanID, "%s is to be below %s", name, parent.Name)
		parent = child
	}
	below := spans.under(parent)
	require.Len(t, below, 2, "what middleware.Send and otelhttp have made")
	asked := backend.asked(r.caller)
	require.Len(t, asked, 2)
	for i, name := range []string{"GET", "HTTP GET"} {
		s := below.named(t, name)
		assert.Equal(t, s.SpanContext.Traceparent(), asked[i].Header.Get("Traceparent"), name)
	}
}
