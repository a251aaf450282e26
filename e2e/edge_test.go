package e2e

import (
	"encoding/hex"
	"maps"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/baggage"
	"github.com/edgespan/edgespan/sdk/trace"
)

func TestEdge(t *testing.T) {
	s := edge.use(t)
	c := newCaller()
	b3 := hex.EncodeToString(c.trace[:]) + "-" + hex.EncodeToString(c.span[:]) + "-1"
	r := s.get(t, "/", header("B3", b3), header("Baggage", "tenant=blue,other=1"), header("X-Trust", "open sesame"))
	require.Equal(t, 200, r.StatusCode)

	t.Run("to the client", func(t *testing.T) {
		assert.Equal(t, "trust header \"\" baggage \"blue\"\n", r.body)
		sc := parsed(t, r.Header.Get("Traceresponse"))
		assert.Equal(t, c.trace, sc.TraceID, "B3 was understood")
		timing := r.Header.Values("Server-Timing")
		require.Len(t, timing, 3, "%q", timing)
		assert.Equal(t, "own;dur=1", timing[0])
		assert.Equal(t, `traceparent;desc="`+r.Header.Get("Traceresponse")+`"`, timing[1])
		assert.Regexp(t, regexp.MustCompile(`^total;dur=\d+\.\d{3}$`), timing[2])
	})

	t.Run("on the root span", func(t *testing.T) {
		span := s.root(t, c.trace)
		assert.Equal(t, trace.SpanID(c.span), span.ParentSpanID)
		assert.NotEmpty(t, span.attribute("faas.invocation_id"))
		assert.Positive(t, span.attribute("fastly.sandbox.heap"))
		w := whole
		w.Vary = append(w.Vary, "faas.invocation_id", "fastly.sandbox.heap", "fastly.sandbox.vcpu_time", "fastly.client.oh", "fastly.client.h2")
		spanList{span}.golden(t, "edge/root", w, "")
	})
}

// Both hosts read what they say about bots from the request's headers.
func TestEdgeBot(t *testing.T) {
	s := edge.use(t)
	r := s.get(t, "/", header("X-Fastly-Bot-Analyzed", "true"), header("X-Fastly-Bot-Detected", "true"), header("X-Fastly-Bot-Verified", "true"),
		header("X-Fastly-Bot-Name", "Crawly"), header("X-Fastly-Bot-Category", "SEARCH-ENGINE-CRAWLER"))
	got := s.root(t, parsed(t, r.Header.Get("Traceresponse")).TraceID).attributes()
	for key, want := range map[string]any{
		"fastly.bot.detected": true, "fastly.bot.name": "Crawly", "fastly.bot.category": "SEARCH-ENGINE-CRAWLER", "fastly.bot.verified": true,
		"user_agent.synthetic.type": "bot",
	} {
		assert.Equal(t, want, got[key], key)
	}
	r = s.get(t, "/", header("X-Fastly-Bot-Analyzed", "true"))
	got = s.root(t, parsed(t, r.Header.Get("Traceresponse")).TraceID).attributes()
	assert.Equal(t, false, got["fastly.bot.detected"])
	assert.NotContains(t, got, "user_agent.synthetic.type")
}

// peer returns what BackendInfo records about an origin.
func (o *origin) peer(t *testing.T) map[string]any {
	t.Helper()
	address, port, err := net.SplitHostPort(o.addr)
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	return map[string]any{
		"fastly.backend":         o.name,
		"fastly.backend.tls":     false,
		"fastly.backend.dynamic": false,
		"network.peer.address":   address,
		"network.peer.port":      number,
	}
}

func TestEdgeBackends(t *testing.T) {
	s := edge.use(t)
	const chunks = len("chunk 0\n") * 5
	for _, path := range []string{"/body", "/client", "/get", "/path"} {
		t.Run(path, func(t *testing.T) {
			r := s.get(t, path)
			require.Equal(t, 200, r.StatusCode, r.body)
			assert.Equal(t, strconv.Itoa(chunks), r.body)
			spans := s.spans(t, parsed(t, r.Header.Get("Traceresponse")).TraceID, 2)
			spans.nest(t)
			client := spans.client(t)
			assert.Equal(t, spans.server(t).SpanContext.SpanID, client.ParentSpanID)
			want := backend.peer(t)
			maps.Copy(want, map[string]any{
				"http.request.method":       "GET",
				"url.full":                  "http://backend.example/chunked",
				"server.address":            "backend.example",
				"server.port":               80,
				"http.response.status_code": 200,
				"http.response.body.size":   chunks,
				"fastly.cache.outcome":      "pass",
			})
			if path == "/path" { // the port is not known, since the scheme is not
				want["url.full"] = "/chunked"
				delete(want, "server.port")
			}
			assert.Equal(t, want, without(client.attributes(), "fastly.backend.target"))
			assert.Contains(t, client.attribute("fastly.backend.target"), "127.0.0.1")
		})
	}
	t.Run("/again", func(t *testing.T) {
		r := s.get(t, "/again")
		require.Equal(t, 200, r.StatusCode, r.body)
		spans := s.spans(t, parsed(t, r.Header.Get("Traceresponse")).TraceID, 3)
		spans.nest(t)
		calls := spans.under(spans.server(t))
		require.Len(t, calls, 2)
		for i, call := range calls {
			assert.Equal(t, trace.SpanKindClient, call.Kind)
			assert.Equal(t, []string{"down", "inventory"}[i], call.attribute("fastly.backend"))
		}
		assert.Equal(t, trace.StatusError, calls[0].Status.Code)
		assert.NotEmpty(t, calls[0].attribute("error.type"))
		assert.NotContains(t, calls[0].attributes(), "http.request.resend_count")
		assert.Equal(t, trace.StatusUnset, calls[1].Status.Code)
		assert.Equal(t, 1, calls[1].attribute("http.request.resend_count"))
	})
}

// Even if a client sends malformed baggage, the handler runs, the trace is complete, and the baggage that is passed on conforms
// to the specification.
func TestHostileBaggage(t *testing.T) {
	s := edge.use(t)
	for name, values := range map[string][]string{
		"50 kB":         {"tenant=blue," + strings.Repeat("k=v,", 1000) + "big=" + strings.Repeat("x", 50_000)},
		"500 members":   {"tenant=blue" + strings.Repeat(",k=v", 10) + members(500)},
		"malformed":     {"tenant=blue,,=,a,b c=1,d=%zz,\"q\"=1,e=\"x\",;p"},
		"not UTF-8":     {"tenant=blue,bad=\xff\xfe,esc=%ff%00%0d%0a"},
		"many headers":  {"tenant=blue", "a=1", "b=2;p=q", ""},
		"a header more": {"tenant=blue,x=1%0d%0aX-Evil: 1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.get(t, "/again", header("Baggage", values...))
			require.Equal(t, 200, r.StatusCode, r.body)
			sc := parsed(t, r.Header.Get("Traceresponse"))
			s.spans(t, sc.TraceID, 3)
			asked := inventory.find(t, func(q seen) bool { return strings.Contains(q.Header.Get("B3"), sc.TraceID.String()) })
			out := asked.Header.Values("Baggage")
			require.Len(t, out, 1)
			b, dropped := baggage.Parse(out...)
			assert.Zero(t, dropped, "what leaves is well-formed: %q", out)
			assert.LessOrEqual(t, len(out[0]), baggage.MaxBytes)
			assert.LessOrEqual(t, len(b.Members()), baggage.MaxMembers)
			assert.Equal(t, "blue", b.Get("tenant"), "well-formed entries are kept")
			assert.Empty(t, asked.Header.Get("X-Evil"))
		})
	}
	t.Run("nothing to third parties", func(t *testing.T) {
		r := s.get(t, "/body", header("Baggage", "tenant=blue"))
		sc := parsed(t, r.Header.Get("Traceresponse"))
		asked := backend.find(t, func(q seen) bool { return strings.Contains(q.Header.Get("B3"), sc.TraceID.String()) })
		assert.Empty(t, asked.Header.Values("Baggage"))
	})
}

func members(n int) (list string) {
	for i := range n {
		list += ",m" + strconv.Itoa(i) + "=v"
	}
	return list
}
