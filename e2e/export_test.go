package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exportTime is the time that the exporter of paths below /slow-export takes.
const exportTime = 2 * time.Second

// soon is longer than any response takes on a busy machine, and much shorter than exportTime.
const soon = time.Second

// TestResponseBeforeExport uses an exporter that takes two seconds. The client must have its last byte as soon as without
// tracing, while the line comes two seconds later.
func TestResponseBeforeExport(t *testing.T) {
	untraced.use(t)
	kinds.use(t)
	for _, k := range []struct {
		path  string
		spans int
	}{
		{"plain", 1}, {"status", 1}, {"streaming", 1}, {"large", 1}, {"append", 2}, {"close", 1},
	} {
		t.Run(k.path, func(t *testing.T) {
			t.Parallel()
			var without, with reply
			// A busy machine may be slow once, but not three times.
			for range 3 {
				without = untraced.get(t, "/slow-export/"+k.path)
				with = kinds.get(t, "/slow-export/"+k.path)
				if with.took < soon {
					break
				}
			}
			assert.Equal(t, without.body, with.body)
			t.Logf("last byte after %s, without tracing after %s", with.took, without.took)
			require.Less(t, with.took, soon, "without tracing it took %s", without.took)
			came := time.Now()
			kinds.spans(t, with.trace, k.spans)
			assert.Greater(t, time.Since(came), exportTime-soon, "the export was still under way")
		})
	}
}

// TestConnectionIsFreeDuringExport sends the next request on the same connection while the first one is exported.
func TestConnectionIsFreeDuringExport(t *testing.T) {
	kinds.use(t)
	transport := &http.Transport{MaxConnsPerHost: 1}
	defer transport.CloseIdleConnections()
	for attempt := 1; ; attempt++ {
		began := time.Now()
		for range 3 {
			req, err := http.NewRequest(http.MethodHead, "http://"+kinds.addr+"/slow-export/plain", nil)
			require.NoError(t, err)
			resp, err := transport.RoundTrip(req)
			require.NoError(t, err)
			resp.Body.Close()
			assert.Equal(t, 200, resp.StatusCode)
		}
		if took := time.Since(began); took < soon || attempt == 3 {
			assert.Less(t, took, soon, "three requests, one after the other")
			return
		}
	}
}

// TestResponseAfterExport tests the two cases in which the client waits for the export. If a handler sends nothing, only the
// host knows whether it has handed the request off, so the middleware leaves the response to the platform. It does so too if a
// handler panics.
func TestResponseAfterExport(t *testing.T) {
	r := kinds.get(t, "/slow-export/nothing")
	assert.Equal(t, 200, r.StatusCode)
	assert.Empty(t, r.body)
	assert.GreaterOrEqual(t, r.took, exportTime)
	kinds.root(t, r.trace)
}
