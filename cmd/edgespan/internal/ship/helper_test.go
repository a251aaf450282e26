package ship

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/nethttp"
)

// patience is how long a test waits for what must happen, before it fails. It is long, since the machine may be busy.
const patience = 2 * time.Minute

// receiver is an OTLP/HTTP server that records the names of spans and the bodies of log records.
type receiver struct {
	*httptest.Server
	// answer, if set, answers a request, or returns false to have it accepted.
	answer func(w http.ResponseWriter, path string, body []byte) bool

	mu      sync.Mutex
	names   []string
	bodies  [][]byte
	headers []http.Header
}

func newReceiver(t testing.TB) *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// newReceiverWithoutLogs returns a receiver that accepts only spans, as Jaeger does.
func newReceiverWithoutLogs(t testing.TB) *receiver {
	r := newReceiver(t)
	r.answer = func(w http.ResponseWriter, path string, _ []byte) bool {
		if path == "/v1/logs" {
			w.WriteHeader(404)
		}
		return path == "/v1/logs"
	}
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var in io.Reader = req.Body
	if req.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if in, err = gzip.NewReader(in); err != nil {
			w.WriteHeader(400)
			return
		}
	}
	body, err := io.ReadAll(in)
	if err != nil {
		w.WriteHeader(400)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.headers = append(r.headers, req.Header)
	if r.answer != nil && r.answer(w, req.URL.Path, body) {
		return
	}
	names, err := namesIn(body)
	if err != nil {
		http.Error(w, `{"message":"no JSON"}`, 400)
		return
	}
	r.bodies = append(r.bodies, body)
	r.names = append(r.names, names...)
	fmt.Fprint(w, "{}")
}

func (r *receiver) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.names...)
}

func namesIn(body []byte) (names []string, err error) {
	var v struct {
		ResourceSpans []struct {
			ScopeSpans []struct {
				Spans []struct{ TraceID, SpanID, Name string }
			}
		}
		ResourceLogs []struct {
			ScopeLogs []struct {
				LogRecords []struct{ Body struct{ StringValue string } }
			}
		}
	}
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, err
	}
	for _, rs := range v.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				names = append(names, s.Name)
			}
		}
	}
	for _, rl := range v.ResourceLogs {
		for _, sl := range rl.ScopeLogs {
			for _, l := range sl.LogRecords {
				names = append(names, "log: "+l.Body.StringValue)
			}
		}
	}
	return names, nil
}

// spanLine returns a line with one span.
func spanLine(name string) string {
	return fmt.Sprintf(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"%032x","spanId":"%016x","name":%q,"startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}`,
		len(name)+1, len(name)+1, name)
}

func spanLines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		b.WriteString("otlp_logs :: " + spanLine(fmt.Sprint("s", i)) + "\n")
	}
	return b.String()
}

func wanted(from, to int) (names []string) {
	for i := from; i < to; i++ {
		names = append(names, fmt.Sprint("s", i))
	}
	return names
}

// notes is a Console's writer.
type notes struct {
	mu sync.Mutex
	bytes.Buffer
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.Buffer.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.Buffer.String()
}

// config returns a Config that retries quickly.
func config(url string, files ...string) (Config, *notes) {
	n := &notes{}
	return Config{
		Files: files, Traces: Target{URL: url + "/v1/traces"}, Logs: Target{URL: url + "/v1/logs"},
		Transport: &nethttp.Transport{}, Gzip: true, Items: 5000, Bytes: 1 << 20, Flush: 20 * time.Millisecond,
		Timeout: 5 * time.Second, RetryFor: 10 * time.Second, Backoff: time.Millisecond, MaxBackoff: 5 * time.Millisecond,
		Console: &Console{W: n},
	}, n
}

func piped(cfg Config, text string) Config {
	cfg.Files, cfg.Pipe = []string{inputs.Stdin}, strings.NewReader(text)
	return cfg
}

func run(t testing.TB, cfg Config) Summary {
	t.Helper()
	sum, err := Run(context.Background(), cfg)
	require.NoError(t, err)
	return sum
}

func writeFile(t testing.TB, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}

// setAge sets the time of a file to that long ago.
func setAge(t testing.TB, name string, age time.Duration) {
	t.Helper()
	at := time.Now().Add(-age)
	require.NoError(t, os.Chtimes(name, at, at))
}

func appendFile(t testing.TB, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func zipFile(t testing.TB, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	var b bytes.Buffer
	w := io.WriteCloser(gzip.NewWriter(&b))
	if strings.HasSuffix(to, ".zst") {
		w, err = zstd.NewWriter(&b)
		require.NoError(t, err)
	}
	_, err = w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(to, b.Bytes(), 0o600))
	require.NoError(t, os.Remove(from))
}

func inFolder(t testing.TB, names ...string) (paths []string) {
	dir := t.TempDir()
	for _, name := range names {
		paths = append(paths, filepath.Join(dir, name))
	}
	return paths
}

// answers is a Transport that gives one answer after another, and accepts all requests after that.
func answers(list ...otlphttp.Response) otlphttp.TransportFunc {
	return func(context.Context, *otlphttp.Request) (otlphttp.Response, error) {
		if len(list) == 0 {
			return otlphttp.Response{Status: 200, Body: []byte("{}")}, nil
		}
		r := list[0]
		list = list[1:]
		return r, nil
	}
}

// countTo is a Transport that passes requests to next, and calls then before the nth.
func countTo(n int, then func(), counter *int, next otlphttp.Transport) otlphttp.TransportFunc {
	return func(ctx context.Context, r *otlphttp.Request) (otlphttp.Response, error) {
		if *counter++; *counter == n {
			then()
		}
		return next.Post(ctx, r)
	}
}
