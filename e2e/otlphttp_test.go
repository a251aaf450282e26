package e2e

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// otlpReceiver is an OTLP receiver with the Collector's own decoder.
type otlpReceiver struct {
	*httptest.Server
	mu     sync.Mutex
	spans  map[string][]string // span names by trace id
	posts  map[string]int      // number of POSTs by path
	faults []string
	wait   time.Duration // how long /slow waits
	left   chan struct{} // gets an element when a sandbox stops reading from /drip
}

func (o *otlpReceiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost { // Viceroy connects to its backends when it starts
		http.NotFound(w, r)
		return
	}
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		if z, err := gzip.NewReader(body); err == nil {
			body = z
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return // the sandbox has given up
	}
	switch r.URL.Path {
	case "/nonsense":
		_, _ = io.WriteString(w, "<html>what?</html>")
		return
	case "/cut":
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "{")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case "/slow":
		time.Sleep(o.wait)
	case "/drip":
		for flush := http.NewResponseController(w).Flush; r.Context().Err() == nil; time.Sleep(50 * time.Millisecond) {
			_, _ = io.WriteString(w, " ")
			_ = flush()
		}
		select {
		case o.left <- struct{}{}:
		default: // an earlier attempt has reported it
		}
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.posts[r.URL.Path]++
	traces, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces(text)
	if err != nil {
		o.faults = append(o.faults, r.URL.Path+": "+err.Error())
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Authorization") != "Bearer topsecret" {
		o.faults = append(o.faults, "headers")
	}
	if !strings.HasPrefix(r.Header.Get("User-Agent"), "OTel-OTLP-Exporter-Edgespan-Go/") {
		o.faults = append(o.faults, "User-Agent: "+r.Header.Get("User-Agent"))
	}
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				id := s.TraceID().String()
				o.spans[id] = append(o.spans[id], s.Name())
			}
		}
	}
	_, _ = io.WriteString(w, `{"partialSuccess":{}}`)
}

func (o *otlpReceiver) of(c caller) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.spans[c.trace.String()]
}

// otlpService starts the guest and its receiver.
func otlpService(t *testing.T) (*service, *otlpReceiver) {
	o := &otlpReceiver{spans: map[string][]string{}, posts: map[string]int{}, wait: 5 * time.Second, left: make(chan struct{}, 1)}
	o.Server = httptest.NewServer(o)
	t.Cleanup(o.Close)
	return otlpServiceAt(t, o.URL), o
}

// otlpServiceAt starts the guest with a receiver. The guest is not one of services, since its manifest has a backend of its own
// and it writes no lines.
func otlpServiceAt(t *testing.T, url string) *service {
	s := &service{name: "otlphttp"}
	s.once.Do(func() {}) // it is started below
	wasm, err := buildGuest(s.name, "./e2e/guests/otlphttp", "")
	require.NoError(t, err)
	manifest := dir + "/otlphttp.toml"
	require.NoError(t, writeManifest(manifest))
	text, err := os.ReadFile(manifest)
	require.NoError(t, err)
	text = append(text, "\n[local_server.backends.otlp]\nurl = \""+url+"\"\n"...)
	require.NoError(t, os.WriteFile(manifest, text, 0o600))
	s.proc, s.addr, err = startProcess(s.name, manifest, wasm, s.log.add)
	require.NoError(t, err)
	t.Cleanup(s.stop)
	return s
}

func TestOTLPHTTP(t *testing.T) {
	s, o := otlpService(t)
	both := []string{"GET", "render"}

	t.Run("spans sent are spans received", func(t *testing.T) {
		for _, path := range []string{"/plain", "/gzip", "/dynamic?address=" + strings.TrimPrefix(o.URL, "http://")} {
			for range 10 {
				r := s.get(t, path)
				assert.Equal(t, "hello\n", r.body)
				require.Eventually(t, func() bool { return len(o.of(r.caller)) > 0 }, patience, time.Millisecond, "%s; %s", path, s.proc.said())
				assert.Equal(t, both, o.of(r.caller), path)
			}
		}
	})

	t.Run("the response does not wait", func(t *testing.T) {
		for _, path := range []string{"/slow", "/down", "/missing", "/nonsense"} {
			var r reply
			for range 3 { // a busy machine may be slow once
				if r = s.get(t, path); r.took < soon {
					break
				}
			}
			assert.Equal(t, 200, r.StatusCode, path)
			assert.Equal(t, "hello\n", r.body, path)
			assert.Less(t, r.took, soon, path)
			t.Logf("%s: last byte after %s", path, r.took)
		}
	})

	t.Run("an answer without an end keeps no sandbox", func(t *testing.T) {
		assert.Equal(t, "hello\n", s.get(t, "/drip").body)
		select {
		case <-o.left:
		case <-time.After(patience):
			t.Error("it is still read")
		}
	})

	t.Run("losses are counted and told once", func(t *testing.T) {
		for name, want := range map[string]string{
			"cut":      "spans=N rejected=0 dropped=0 told=0", // accepted, although the response is truncated
			"slow":     "spans=0 rejected=0 dropped=N told=1 otlphttp: no answer within Config.Timeout",
			"down":     "spans=0 rejected=0 dropped=N told=1 ",
			"missing":  "spans=0 rejected=0 dropped=N told=1 ",
			"nonsense": "spans=0 rejected=0 dropped=N told=1 otlphttp: the answer is a page of HTML",
		} {
			s.inOneSandbox(t, func(get func(path string) reply) bool {
				get("/" + name)
				get("/" + name)
				got := get("/stats/" + name).body
				_, got, ok := strings.Cut(got, " ")
				if !ok || !strings.Contains(got, "=4") { // it was another sandbox
					get("/" + name) // an additional request, so that the attempts begin at different positions in their sandboxes
					return false
				}
				t.Log(name, got)
				assert.Contains(t, strings.ReplaceAll(got, "=4", "=N"), want)
				assert.NotContains(t, got, "topsecret")
				return true
			})
		}
	})

	t.Run("batches", func(t *testing.T) {
		var all []caller
		for range 27 {
			all = append(all, s.get(t, "/batch").caller)
			settle()
		}
		for _, c := range all { // the last traces arrive when their sandbox ends
			require.Eventually(t, func() bool { return len(o.of(c)) > 0 }, patience, 10*time.Millisecond)
			assert.Equal(t, both, o.of(c))
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		t.Logf("%d traces in %d requests", len(all), o.posts["/batch"])
		assert.Less(t, o.posts["/batch"], len(all))
	})

	o.mu.Lock()
	defer o.mu.Unlock()
	assert.Empty(t, o.faults)
	assert.NotContains(t, s.proc.said(), "topsecret")
}

// inOneSandbox repeats f until the same sandbox has served all of its requests. f must find that out.
func (s *service) inOneSandbox(t *testing.T, f func(get func(path string) reply) bool) {
	t.Helper()
	for range 40 {
		seen := map[string]bool{}
		last := time.Duration(0)
		ok := f(func(path string) reply {
			time.Sleep(last)
			r := s.get(t, path)
			seen[r.Header.Get("X-Sandbox")] = true
			last = 200 * time.Millisecond
			if strings.HasPrefix(path, "/slow") {
				last = 2*time.Second + 200*time.Millisecond // the sandbox is busy until it gives up
			}
			return r
		})
		if ok && len(seen) == 1 {
			return
		}
	}
	t.Error("the requests never met one sandbox")
}
