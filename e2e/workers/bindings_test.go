package workers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// want is an expected span below the request's span, with some of its attributes. The value "" means that the attribute must
// not be there, "*" that it may have any value.
type want struct {
	name  string
	kind  trace.SpanKind
	attrs map[string]string
	fails bool
}

type m = map[string]string

func TestBindings(t *testing.T) {
	s := start(t, nil)
	const client = trace.SpanKindClient
	for _, test := range []struct {
		path string
		want []want
	}{
		{"/kv", []want{
			{"put ITEMS", client, m{"db.system.name": "cloudflare-kv", "db.operation.name": "put", "db.namespace": "ITEMS", "cloudflare.binding.type": "KV",
				"cloudflare.binding.name": "ITEMS", "cloudflare.kv.query.keys": "a", "cloudflare.kv.query.payload.size": "5"}, false},
			{"get ITEMS", client, m{"db.response.returned_rows": "1", "cloudflare.kv.response.size": "5", "cloudflare.kv.query.keys": ""}, false},
			{"get ITEMS", client, m{"db.response.returned_rows": "0", "cloudflare.kv.query.keys": "none"}, false},
			{"list ITEMS", client, m{"db.response.returned_rows": "1", "cloudflare.kv.query.prefix": "a", "cloudflare.kv.response.list_complete": "true"}, false},
			{"delete ITEMS", client, m{"db.operation.name": "delete"}, false},
			{"put ITEMS", client, m{"error.type": "Error"}, true},
		}},
		{"/r2", []want{
			{"put FILES", client, m{"cloudflare.binding.type": "R2", "cloudflare.binding.name": "FILES", "cloudflare.r2.operation": "PutObject",
				"cloudflare.r2.response.size": "7", "cloudflare.r2.request.key": ""}, false},
			{"get FILES", client, m{"cloudflare.r2.operation": "GetObject", "cloudflare.r2.response.found": "true", "cloudflare.r2.response.size": "7"}, false},
			{"head FILES", client, m{"cloudflare.r2.response.found": "false"}, false},
			{"list FILES", client, m{"cloudflare.r2.response.returned_objects": "1", "cloudflare.r2.response.truncated": "false"}, false},
			{"delete FILES", client, m{"cloudflare.r2.operation": "DeleteObject"}, false},
		}},
		{"/d1", []want{
			{"CREATE items", client, m{"db.system.name": "cloudflare-d1", "db.namespace": "DB", "db.query.summary": "CREATE items",
				"cloudflare.binding.type": "D1"}, false},
			{"INSERT items", client, m{"db.query.text": "INSERT OR REPLACE INTO items VALUES (?, ?)", "db.query.summary": "INSERT items",
				"cloudflare.d1.response.changes": "1"}, false},
			{"SELECT items", client, m{"db.query.text": "SELECT name FROM items WHERE id = ?"}, false},
			{"SELECT nothing", client, m{"error.type": "D1_ERROR", "db.response.status_code": "D1_ERROR"}, true},
		}},
		{"/cache?key=one", []want{
			{"cache match", client, m{"cache.response.cache_status": "MISS", "cache.request.method": "GET", "cache.request.url": "https://cache.example/one?token=REDACTED"}, false},
			{"cache put", client, m{"cache.request.payload.status_code": "200"}, false},
			{"cache match", client, m{"cache.response.cache_status": "HIT", "cache.response.status_code": "200"}, false},
			{"cache delete", client, m{"cache.response.success": "true"}, false},
		}},
		{"/do", []want{
			{"GET", client, m{"cloudflare.binding.type": "durable_object_namespace", "cloudflare.binding.name": "COUNTER", "url.full": "https://counter.example/add",
				"http.response.status_code": "200", "server.address": "counter.example", "server.port": "443"}, false},
		}},
	} {
		t.Run(strings.TrimPrefix(test.path, "/"), func(t *testing.T) {
			spans := s.trace(t, test.path, "Traceparent", traceparent)
			check(t, spans, test.want)
		})
	}
	assert.Empty(t, s.Err(), "console.error")
}

// check compares the spans below the request's span, in the order of their start.
func check(t *testing.T, spans []trace.SpanData, wants []want) {
	t.Helper()
	root := spans[0]
	require.Equal(t, trace.SpanKindServer, root.Kind)
	require.Len(t, spans, 1+len(wants))
	for i, want := range wants {
		span := spans[1+i]
		assert.Equal(t, want.name, span.Name)
		assert.Equal(t, want.kind, span.Kind, want.name)
		assert.Equal(t, root.SpanContext.SpanID, span.ParentSpanID, want.name)
		assert.Equal(t, root.SpanContext.TraceID, span.SpanContext.TraceID, want.name)
		assert.GreaterOrEqual(t, span.Start, root.Start)
		assert.LessOrEqual(t, span.End, root.End)
		assert.Equal(t, want.fails, span.Status.Code == trace.StatusError, "%s: %s", want.name, span.Status.Description)
		got := attrs(span.Attributes)
		for key, value := range want.attrs {
			if value == "*" {
				assert.NotEmpty(t, got[key], "%s: %s", want.name, key)
				continue
			}
			assert.Equal(t, value, got[key], "%s: %s", want.name, key)
		}
	}
}

// A Durable Object gets the traceparent of the span of its call.
func TestDurableObjectContinues(t *testing.T) {
	s := start(t, nil)
	_, body := s.get(t, "/do")
	spans := s.arrived(t)
	require.Len(t, spans, 2)
	assert.Equal(t, spans[1].SpanContext.Traceparent(), body)
}

func TestFetch(t *testing.T) {
	s := start(t, nil)
	_, body := s.get(t, "/fetch", "Traceparent", traceparent)
	spans := s.arrived(t)
	const client = trace.SpanKindClient
	check(t, spans, []want{
		{"GET", client, m{"http.request.method": "GET", "url.full": s.origin.URL + "/traceparent?token=REDACTED", "http.response.status_code": "200",
			"server.address": "127.0.0.1"}, false},
		{"GET", client, m{"http.response.status_code": "200"}, false},
		{"GET", client, m{"http.response.status_code": "404", "error.type": "404"}, true},
	})
	lines := strings.Split(body, "\n")
	assert.Equal(t, spans[1].SpanContext.Traceparent(), lines[0])
	assert.Empty(t, lines[1], "Propagate.ContextTo has said no")
	assert.Equal(t, "404", lines[2])
}

func TestQueue(t *testing.T) {
	s := start(t, nil)
	resp, body := s.get(t, "/queue")
	require.Equal(t, 200, resp.StatusCode, body)
	first, second := s.arrived(t), []trace.SpanData(nil)
	if second = s.arrived(t); first[0].Kind == trace.SpanKindConsumer {
		first, second = second, first
	}
	check(t, first, []want{
		{"send JOBS", trace.SpanKindClient, m{"messaging.system": "cloudflare.queues", "messaging.destination.name": "JOBS", "messaging.operation.type": "send",
			"messaging.operation.name": "send", "messaging.message.body.size": "3", "cloudflare.binding.type": "Queue"}, false},
		{"send JOBS", trace.SpanKindClient, m{"messaging.batch.message_count": "2"}, false},
	})
	require.Len(t, second, 2)
	batch := second[0]
	assert.Equal(t, "process jobs", batch.Name)
	assert.Equal(t, trace.SpanKindConsumer, batch.Kind)
	assert.False(t, batch.ParentSpanID.IsValid())
	a := attrs(batch.Attributes)
	assert.Equal(t, "3", a["messaging.batch.message_count"])
	assert.Equal(t, "pubsub", a["faas.trigger"])
	assert.Equal(t, "work", second[1].Name)
	assert.Equal(t, batch.SpanContext.SpanID, second[1].ParentSpanID)
}

func TestCron(t *testing.T) {
	s := start(t, nil)
	resp, body := s.get(t, "/cdn-cgi/mf/scheduled?cron=*+*+*+*+*")
	require.Equal(t, 200, resp.StatusCode, body)
	spans := s.arrived(t)
	require.Len(t, spans, 2)
	assert.Equal(t, "cron * * * * *", spans[0].Name)
	assert.Equal(t, trace.SpanKindServer, spans[0].Kind)
	a := attrs(spans[0].Attributes)
	assert.Equal(t, "timer", a["faas.trigger"])
	assert.Equal(t, "* * * * *", a["faas.cron"])
	assert.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, a["faas.time"])
	assert.Equal(t, "sweep", spans[1].Name)
}
