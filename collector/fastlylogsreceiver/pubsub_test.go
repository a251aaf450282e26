package fastlylogsreceiver

import (
	"bytes"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// A push subscription of Google's Pub/Sub without a wrapper sends each line as a body, without a content type, to a path that
// serves as the secret. See docs/recipes/pubsub.md.
func TestPubSubPush(t *testing.T) {
	push := func(s *server, path string, body []byte) int {
		req, err := http.NewRequest(http.MethodPost, s.url+path, bytes.NewReader(body))
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		resp.Body.Close()
		return resp.StatusCode
	}
	secret := func(c *Config) { c.Path = "/v1/a-secret-path" }
	s := startServer(t, secret)
	for _, line := range append(otlpLines(t, 2), compactLines(t, 2)...) {
		assert.Equal(t, http.StatusOK, push(s, "/v1/a-secret-path", line), "acknowledged")
	}
	assert.Equal(t, 4, s.traces.SpanCount())
	assert.Equal(t, http.StatusBadRequest, push(s, "/v1/a-secret-path", []byte("hello")), "comes again, or goes to the dead-letter topic")
	assert.Equal(t, http.StatusNotFound, push(s, "/v1/logs-from-fastly", otlpLines(t, 1)[0]), "the path is wrong")

	full := &server{t: t}
	full.start(secret, consumertest.NewErr(errors.New("full")), nil)
	assert.Equal(t, http.StatusServiceUnavailable, push(full, "/v1/a-secret-path", otlpLines(t, 1)[0]), "comes again")
}
