package pipeline

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Traces that are sent without a log endpoint, one document per request, survive the death of the Collector too.
func TestOTLP(t *testing.T) {
	const traces = 500
	traffic := newTraffic()
	backend := newSink(t, traffic, traces)
	address := freeAddress(t)
	c := newCollector(t, "collector", "otlp.yaml", backend)
	c.changes = append(c.changes, "receivers::otlp::protocols::http::endpoint: "+address)
	began := time.Now()
	backend.refuse(true)
	c.start()
	for i := range traces {
		resp, err := http.Post("http://"+address+"/v1/traces", "application/json", bytes.NewReader(traffic.line(i)))
		require.NoError(t, err)
		resp.Body.Close()
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	c.kill()
	backend.refuse(false)
	c.start()
	wait(t, backend, time.Minute, "all traces", func() bool { return backend.now().lost() == 0 })
	report(t, "OTLP", backend, time.Since(began))
}
