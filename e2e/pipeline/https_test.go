package pipeline

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Two Collectors share one address. The backend refuses data for 20 s. In that time one Collector is killed and restarted, and
// both queues fill up, so that the receivers refuse data too.
func TestHTTPS(t *testing.T) {
	const traces, lines, senders = 100_000, 500, 4
	traffic := newTraffic()
	backend := newSink(t, traffic, traces)
	site := newSite(t)
	one := newHTTPSCollector(t, "one", site, backend)
	two := newHTTPSCollector(t, "two", site, backend)
	for _, c := range []*collector{one, two} {
		c.changes = append(c.changes, "exporters::otlp_http::sending_queue::queue_size: 40", "receivers::fastlylogs::retry_after: 1s")
		c.start()
	}

	began := time.Now()
	var next, refused, failed atomic.Int64
	var sending sync.WaitGroup
	half := make(chan struct{})
	for range senders {
		sending.Go(func() {
			for {
				post := int(next.Add(1)) - 1
				if post == traces/lines/2 {
					close(half)
				}
				if post >= traces/lines {
					return
				}
				var body bytes.Buffer
				for i := range lines {
					body.Write(traffic.line(post*lines + i))
					body.WriteByte('\n')
				}
				// The sender keeps its batch until a Collector has accepted it.
				for attempt := 0; ; attempt++ {
					switch status := site.post(t, body.Bytes()); status {
					case http.StatusOK:
					case http.StatusServiceUnavailable:
						refused.Add(1)
						time.Sleep(time.Second) // Retry-After
						continue
					case 0: // the connection broke, or there was none
						failed.Add(1)
						time.Sleep(100 * time.Millisecond)
						continue
					default:
						assert.Fail(t, "unexpected answer", "%d", status)
						return
					}
					break
				}
			}
		})
	}

	wait(t, backend, time.Minute, "a quarter of the traces", func() bool { return backend.now().received >= traces/4 })
	backend.refuse(true)
	outage := time.Now()
	<-half
	wait(t, backend, time.Minute, "a queue on disk", func() bool { return one.queued() >= 5 })
	t.Logf("killing one Collector of two: %d POSTs wait in its queue, %s", one.queued(), backend.now())
	one.kill()
	time.Sleep(2 * time.Second)
	one.start()
	time.Sleep(20*time.Second - time.Since(outage))
	backend.refuse(false)

	sending.Wait()
	wait(t, backend, 3*time.Minute, "all traces", func() bool { return backend.now().lost() == 0 })
	wait(t, backend, time.Minute, "nothing left to do", func() bool { return one.queued()+two.queued() == 0 })
	t.Logf("%d POSTs of %d lines: %d were answered 503 and %d not at all, and sent again", traces/lines, lines, refused.Load(), failed.Load())
	assert.NotZero(t, refused.Load(), "the queues never were full")
	report(t, "HTTPS", backend, time.Since(began))
}

// Three of 10,000 lines are broken. The other 9,997 arrive, and the Collector's own metrics report 3.
func TestBrokenLines(t *testing.T) {
	const lines = 10_000
	traffic := newTraffic()
	backend := newSink(t, traffic, lines-3)
	site := newSite(t)
	c := newHTTPSCollector(t, "collector", site, backend)
	c.changes = append(c.changes, "connectors::span_metrics::metrics_flush_interval: 1s")
	c.start()

	began := time.Now()
	var body bytes.Buffer
	trace, spans := 0, 0
	for i := range lines {
		switch i {
		case 17:
			body.Write(traffic.line(0)[:1000]) // truncated
		case 5000:
			body.WriteString(`{"resourceSpans":"none"}`) // JSON without traces
		case lines - 1:
			body.WriteString("<134>2026-11-22T22:16:06Z cache-fra1234 otlp_logs[12345]: 503 Service Unavailable")
		default:
			body.Write(traffic.line(trace))
			spans += traffic.spans(trace)
			trace++
		}
		body.WriteByte('\n')
	}
	require.Equal(t, http.StatusOK, site.post(t, body.Bytes()))
	wait(t, backend, time.Minute, "all traces", func() bool { return backend.now().lost() == 0 })
	report(t, "Broken lines", backend, time.Since(began))
	assert.Equal(t, 3., c.metric("otelcol_fastlylogs_lines_dropped", `reason="malformed"`))
	assert.Equal(t, float64(lines), c.metric("otelcol_fastlylogs_lines_received"))

	// Each trace comes from its own sandbox, but the metrics by route must be those of the service.
	wait(t, backend, time.Minute, "all metrics", func() bool { counted, _ := backend.counted(); return counted == spans })
	_, resources := backend.counted()
	require.Len(t, resources, 1)
	assert.Contains(t, resources[0], "service.name:example-service")
	assert.Contains(t, resources[0], "cloud.region:EU-Central")
	assert.NotContains(t, resources[0], "instance")
}

const secret = "open sesame"

// site is the address to which Fastly sends: it has a certificate, and a load balancer that tries one Collector after the
// other.
type site struct {
	client    *http.Client
	cert, key string // file names
	addresses []string
	turn      atomic.Int64
}

func newSite(tb testing.TB) *site {
	server := httptest.NewTLSServer(nil)
	tb.Cleanup(server.Close)
	dir := tb.TempDir()
	s := &site{client: server.Client(), cert: filepath.Join(dir, "tls.crt"), key: filepath.Join(dir, "tls.key")}
	pair := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(tb, err)
	for name, block := range map[string]*pem.Block{
		s.cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		s.key:  {Type: "PRIVATE KEY", Bytes: key},
	} {
		require.NoError(tb, os.WriteFile(name, pem.EncodeToMemory(block), 0o600))
	}
	return s
}

// newHTTPSCollector prepares a Collector with https.yaml, and adds it to the site's load balancer.
func newHTTPSCollector(tb testing.TB, name string, s *site, backend *sink) *collector {
	address := freeAddress(tb)
	s.addresses = append(s.addresses, address)
	c := newCollector(tb, name, "https.yaml", backend, "FASTLY_LOG_SECRET="+secret, "TLS_CERT="+s.cert, "TLS_KEY="+s.key)
	c.changes = append(c.changes, "receivers::fastlylogs::endpoint: "+address)
	return c
}

// post sends one body as Fastly's HTTPS endpoint does (--content-type=application/json --compression-codec=gzip
// --header-name=X-Log-Secret …). It returns the response's status, or 0 if there was no response.
func (s *site) post(tb testing.TB, body []byte) int {
	var zipped bytes.Buffer
	zip, err := gzip.NewWriterLevel(&zipped, gzip.BestSpeed)
	require.NoError(tb, err)
	_, err = zip.Write(body)
	require.NoError(tb, err)
	require.NoError(tb, zip.Close())
	address := s.addresses[int(s.turn.Add(1))%len(s.addresses)]
	req, err := http.NewRequest(http.MethodPost, "https://"+address+"/v1/logs-from-fastly", &zipped)
	require.NoError(tb, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", "gzip")
	req.Header.Set("X-Log-Secret", secret)
	resp, err := s.client.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}
