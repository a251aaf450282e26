package host

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkRequest measures a request to a fresh sandbox: its cost beside the guest's own work.
func BenchmarkRequest(b *testing.B) {
	h, err := New(Config{Wasm: guest, shared: compiled})
	require.NoError(b, err)
	defer h.Close()
	server := httptest.NewServer(h)
	defer server.Close()
	for b.Loop() {
		resp, err := http.Get(server.URL)
		require.NoError(b, err)
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}
