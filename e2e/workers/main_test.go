package workers

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/e2e/workers/host"
	"github.com/edgespan/edgespan/sdk/trace"
)

// guest is the directory of the built Worker, miniflare that of the runtime.
var guest, miniflare string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "edgespan-workers-")
		if err != nil {
			panic(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		guest = dir + "/guest"
		if err := os.Setenv("TMPDIR", dir); err != nil { // no file may be left there at the end
			panic(err)
		}
		if miniflare = os.Getenv("MINIFLARE"); miniflare == "" {
			install := exec.Command("../../scripts/install-miniflare.sh")
			install.Stderr = os.Stderr
			out, err := install.Output()
			if err != nil {
				fmt.Fprintln(os.Stderr, "miniflare:", err)
				return 1
			}
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			miniflare = lines[len(lines)-1]
		}
		if err := host.Build(guest, ".", "./guest"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		code := m.Run()
		if left, _ := filepath.Glob(dir + "/*-*"); len(left) > 0 {
			fmt.Fprintln(os.Stderr, "left behind:", left)
			return 1
		}
		return code
	}())
}

// patience is the maximum time to wait for something that has to come. No test measures it.
const patience = time.Minute

// setup is a Worker with its collector and its origin.
type setup struct {
	*host.Host
	collector *host.Collector
	origin    *origin
}

// counter is a Durable Object. It is in JavaScript, since syumai/workers has only clients of Durable Objects.
const counter = `
import { DurableObject } from "cloudflare:workers";
import worker from "./worker.mjs";
export class Counter extends DurableObject {
	async fetch(request) {
		return new Response(request.headers.get("traceparent"));
	}
}
export default worker;
`

// start starts the guest. The variables are added to those for the collector and the origin.
func start(t *testing.T, variables map[string]string, more ...func(*host.Config)) *setup {
	t.Helper()
	s := &setup{collector: host.NewCollector(), origin: newOrigin()}
	bindings := map[string]any{
		"OTLP_COLLECTOR_URL":         s.collector.URL,
		"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20token4711",
		"OTEL_SERVICE_NAME":          "guest",
		"ORIGIN":                     s.origin.URL,
		"CF_VERSION_METADATA":        map[string]any{"id": "version-id", "tag": "v7"},
	}
	for name, value := range variables {
		bindings[name] = value
	}
	config := host.Config{Build: guest, Entry: counter, Options: map[string]any{
		"bindings":              bindings,
		"kvNamespaces":          []string{"ITEMS"},
		"r2Buckets":             []string{"FILES"},
		"d1Databases":           []string{"DB"},
		"queueProducers":        map[string]any{"JOBS": map[string]any{"queueName": "jobs"}},
		"queueConsumers":        map[string]any{"jobs": map[string]any{"maxBatchSize": 10, "maxBatchTimeout": 1}},
		"durableObjects":        map[string]any{"COUNTER": "Counter"},
		"unsafeTriggerHandlers": true,
	}}
	for _, f := range more {
		f(&config)
	}
	var err error
	s.Host, err = host.Start(miniflare, config)
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = s.Stop()
		s.collector.CloseClientConnections()
		s.collector.Close()
		s.origin.Close()
		if t.Failed() {
			t.Log("console.log:", strings.Join(s.Out(), "\n"))
			t.Log("console.error:", strings.Join(s.Err(), "\n"))
		}
	})
	return s
}

// get sends a request to the Worker, and returns the response and its whole body.
func (s *setup) get(t *testing.T, path string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest("GET", s.Host.URL+path, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	body, _ := io.ReadAll(resp.Body) // a panic may truncate the body
	require.NoError(t, resp.Body.Close())
	return resp, string(body)
}

// trace requests path, and returns the spans of the trace that arrives, the root first.
func (s *setup) trace(t *testing.T, path string, headers ...string) []trace.SpanData {
	t.Helper()
	resp, body := s.get(t, path, headers...)
	require.Equal(t, http.StatusOK, resp.StatusCode, body)
	return s.arrived(t)
}

// post waits for the next post.
func (s *setup) post(t *testing.T) host.Post {
	t.Helper()
	post, ok := s.collector.Next(patience)
	require.True(t, ok, "nothing has arrived")
	return post
}

// arrived waits for the next post, and returns its spans. Posts may overtake each other if several are sent at the same time.
func (s *setup) arrived(t *testing.T) []trace.SpanData {
	t.Helper()
	post := s.post(t)
	batches, err := post.Batches()
	require.NoError(t, err)
	require.Len(t, batches, 1)
	return batches[0].Spans
}

// origin is a service to which the Worker sends requests.
type origin struct{ *httptest.Server }

func newOrigin() *origin {
	o := &origin{}
	mux := http.NewServeMux()
	mux.HandleFunc("/traceparent", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get("Traceparent")) })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(50 * time.Millisecond)
		fmt.Fprint(w, "at last")
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("x", 1<<20)))
	})
	o.Server = httptest.NewServer(mux)
	return o
}

// attrs returns the attributes as text.
func attrs(list []trace.Attribute) map[string]string {
	m := map[string]string{}
	for _, a := range list {
		switch v := a.Value; v.Kind() {
		case trace.KindString:
			m[a.Key] = v.Str()
		case trace.KindBool:
			m[a.Key] = strconv.FormatBool(v.Bool())
		case trace.KindInt64:
			m[a.Key] = strconv.FormatInt(v.Int64(), 10)
		default:
			m[a.Key] = "*"
		}
	}
	return m
}
