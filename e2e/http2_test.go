package e2e

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHTTP2 sends requests over HTTP/2 without TLS. Viceroy sends trailers only there.
func TestHTTP2(t *testing.T) {
	untraced.use(t)
	kinds.use(t)
	transport := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	for _, k := range []struct {
		path     string
		spans    int
		trailers http.Header
	}{
		{"/plain", 1, nil},
		{"/nothing", 1, nil},
		{"/append", 2, nil},
		{"/pieces", 1, nil},
		{"/trailers/declared", 1, http.Header{"X-Sum": {"42"}}},
		{"/trailers/prefixed", 1, http.Header{"X-Sum": {"42"}}},
	} {
		t.Run(k.path, func(t *testing.T) {
			c := newCaller()
			ask := func(s *service) (status int, body string, header, trailers http.Header) {
				req, err := http.NewRequest(http.MethodGet, "http://"+s.addr+k.path, nil)
				require.NoError(t, err)
				req.Header.Set("Traceparent", c.traceparent())
				req.Header.Set("Te", "trailers")
				resp, err := transport.RoundTrip(req)
				require.NoError(t, err)
				defer resp.Body.Close()
				require.Equal(t, 2, resp.ProtoMajor)
				text, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				resp.Header.Del("Date")
				resp.Header.Del("Content-Length") // whether a host knows the length in time varies
				return resp.StatusCode, string(text), resp.Header, resp.Trailer
			}
			status, body, header, trailers := ask(untraced)
			statusTraced, bodyTraced, headerTraced, trailersTraced := ask(kinds)
			assert.Equal(t, status, statusTraced)
			assert.Equal(t, body, bodyTraced)
			assert.Equal(t, header, headerTraced)
			assert.Equal(t, trailers, trailersTraced)
			if k.trailers != nil {
				assert.Equal(t, k.trailers, trailersTraced)
			}
			server := kinds.spans(t, c.trace, k.spans).server(t)
			assert.Equal(t, "2", server.attribute("network.protocol.version"))
		})
	}
}
