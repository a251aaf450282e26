package e2e

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
		a := span.attributes()
		assert.Equal(t, 1, a["fastly.sandbox.request_number"])
		assert.NotEmpty(t, a["faas.invocation_id"])
		assert.Equal(t, true, a["faas.coldstart"])
		assert.NotContains(t, a, "tls.protocol.version", "plain HTTP")
		assert.Contains(t, a, "fastly.pop")
		assert.Positive(t, a["fastly.sandbox.heap"])
		assert.Contains(t, a, "fastly.sandbox.vcpu_time")
	})
}

func TestEdgeBackendBody(t *testing.T) {
	s := edge.use(t)
	for _, path := range []string{"/body", "/client"} {
		r := s.get(t, path)
		require.Equal(t, 200, r.StatusCode, r.body)
		sc := parsed(t, r.Header.Get("Traceresponse"))
		spans := s.spans(t, sc.TraceID, 2)
		spans.nest(t)
		client := spans.client(t)
		assert.Equal(t, "backend", client.attribute("fastly.backend"))
		if path == "/body" {
			n, err := strconv.Atoi(r.body)
			require.NoError(t, err)
			assert.Equal(t, n, client.attribute("http.response.body.size"))
		} else {
			assert.Equal(t, r.body, strconv.Itoa(client.attribute("http.response.status_code").(int)))
		}
	}
}
