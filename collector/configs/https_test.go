// Package configs tests what the configurations promise, with the Collector that `make collector` builds.
package configs

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// What https.yaml's Collector has answered 200 to reaches the backend, though that was away and the Collector was killed.
func TestHTTPSOutlivesAKill(t *testing.T) {
	binary := os.Getenv("OTELCOL")
	if binary == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("OTELCOL must name the Collector that `make collector` builds")
		}
		t.Skip("OTELCOL is not set: make test-collector does")
	}
	backend := newBackend(t)
	dir := t.TempDir()
	client := certificate(t, dir)
	address := freeAddress(t)
	start := func() *exec.Cmd {
		cmd := exec.Command(binary, "--config", "https.yaml", "--config", "yaml:receivers::fastlylogs::endpoint: "+address,
			"--config", "yaml:service::telemetry::metrics::level: none")
		cmd.Env = append(os.Environ(), "FASTLY_LOG_SECRET=open sesame", "OTLP_ENDPOINT="+backend.url, "STORAGE="+filepath.Join(dir, "queue"),
			"TLS_CERT="+filepath.Join(dir, "tls.crt"), "TLS_KEY="+filepath.Join(dir, "tls.key"))
		log, err := os.Create(filepath.Join(dir, "log"))
		require.NoError(t, err)
		cmd.Stdout, cmd.Stderr = log, log
		require.NoError(t, cmd.Start())
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			_ = log.Close()
			if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
				t.Logf("%s", text)
			}
		})
		require.Eventually(t, func() bool {
			resp, err := client.Get("https://" + address + "/.well-known/fastly/logging/challenge")
			if err != nil {
				return false
			}
			resp.Body.Close()
			return resp.StatusCode == http.StatusOK
		}, time.Minute, 100*time.Millisecond)
		return cmd
	}

	cmd := start()
	var body bytes.Buffer
	for i := range 10_000 {
		switch i {
		case 17, 5000, 9999:
			body.WriteString(`{"resourceSpans":[{"resource":{` + "\n")
		default:
			fmt.Fprintf(&body, `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"GET"}]}]}]}`+"\n", i+1, i+1)
		}
	}
	req, err := http.NewRequest(http.MethodPost, "https://"+address+"/v1/logs-from-fastly", &body)
	require.NoError(t, err)
	req.Header.Set("X-Log-Secret", "open sesame")
	resp, err := client.Do(req)
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.NoError(t, cmd.Process.Kill()) // SIGKILL: nothing can be saved now
	_ = cmd.Wait()
	require.Zero(t, backend.traces())

	backend.open()
	start()
	assert.Eventually(t, func() bool { return backend.traces() >= 9_997 }, time.Minute, 100*time.Millisecond)
	assert.Equal(t, 9_997, backend.traces())
}

// backend takes OTLP over HTTP, once it is open, and remembers the trace ids.
type backend struct {
	url    string
	mu     sync.Mutex
	opened bool
	ids    map[string]bool
	count  int // of spans
}

func newBackend(t *testing.T) *backend {
	b := &backend{ids: map[string]bool{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *backend) open() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = true
}

func (b *backend) traces() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.ids)
}

func (b *backend) spans() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.count
}

func (b *backend) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.opened {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if req.URL.Path != "/v1/traces" {
		return
	}
	export := ptraceotlp.NewExportRequest()
	unzip, err := gzip.NewReader(req.Body)
	if err == nil {
		var data []byte
		if data, err = io.ReadAll(unzip); err == nil {
			err = export.UnmarshalProto(data)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, resource := range export.Traces().ResourceSpans().All() {
		for _, scope := range resource.ScopeSpans().All() {
			for _, span := range scope.Spans().All() {
				b.ids[span.TraceID().String()] = true
				b.count++
			}
		}
	}
}

// certificate writes tls.crt and tls.key to dir, and returns a client that trusts them.
func certificate(t *testing.T, dir string) *http.Client {
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{
		"tls.crt": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		"tls.key": {Type: "PRIVATE KEY", Bytes: key},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600))
	}
	return server.Client()
}

// freeAddress returns one where nobody listens.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}
