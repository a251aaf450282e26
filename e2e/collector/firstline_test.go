package collector

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// The Collector's own OTLP receiver keeps only the first line of a body, and reports no error. docs/recipes warns of that. If
// this test fails, the receiver has changed: review the warning, and whether fastlylogs is still needed.
func TestOTLPReceiverKeepsTheFirstLine(t *testing.T) {
	sink := new(consumertest.TracesSink)
	address := freeAddress(t)
	startReceiver(t, address, sink)
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"GET"}]}]}]}`, i+1, i+1))
	}
	post := func(body, contentType string) int {
		req, err := http.NewRequest(http.MethodPost, "http://"+address+"/v1/traces", bytes.NewReader([]byte(body)))
		require.NoError(t, err)
		if contentType != "" {
			req.Header.Set("Content-Type", contentType)
		}
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		resp.Body.Close()
		return resp.StatusCode
	}
	assert.Equal(t, http.StatusOK, post(strings.Join(lines, "\n"), "application/json"))
	assert.Equal(t, 1, sink.SpanCount(), "of 100")

	assert.Equal(t, http.StatusOK, post(lines[1], "application/json"), "--request-max-entries=1")
	assert.Equal(t, 2, sink.SpanCount())
	assert.Equal(t, http.StatusUnsupportedMediaType, post(lines[2], ""), "an unwrapped message of Pub/Sub")

	resp, err := http.Get("http://" + address + "/.well-known/fastly/logging/challenge")
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, http.StatusNotFound, resp.StatusCode, "it does not answer the challenge")
}
