package e2e

import (
	"encoding/hex"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/sdk/tracetest"
)

// whole shows everything in a trace that is the same in each run.
var whole = tracetest.Waterfall{
	Attributes: []string{"*"},
	Vary:       []string{"server.port", "fastly.cache.age"},
	Events:     true,
	Steps:      true,
}

// golden compares a trace with a file below testdata: each span's name, kind, attributes, status, events and parent, and the
// order of spans. If the hosts differ, each has its own file, and why gives the reason.
func (l spanList) golden(t *testing.T, name string, w tracetest.Waterfall, why string) {
	t.Helper()
	file := "testdata/" + name
	if why != "" {
		file += "." + host.name
		t.Logf("the hosts differ: %s", why)
	}
	var spans []trace.SpanData
	for _, s := range l {
		spans = append(spans, s.SpanData)
	}
	tracetest.AssertGolden(t, file+".golden", spans, w)
}

// noHits explains the difference of Viceroy's caches.
const noHits = "Viceroy 0.22.0 has no get_hits, which compute-sdk-go asks of every object it finds: there the service does without its cache"

// The requests to the example, in order: the content of the caches depends on earlier requests.
var exampleRequests = []struct {
	name    string
	path    string
	headers []string
	status  int
	body    string
	spans   int
	logs    []string // the messages that the request logs
	differ  string   // why the hosts differ
}{
	{name: "greet", path: "/?name=Ada&token=hidden", status: 200, body: "Hello, Ada!\n", spans: 2},
	{name: "captured", path: "/", headers: []string{"Accept-Language", "de, en;q=0.5"}, status: 200, body: "Hello, edge!\n", spans: 2},
	{name: "data", path: "/api/data", status: 200, body: `{"data":"from the origin"}`, spans: 2},
	{name: "items", path: "/api/items/7", status: 200, body: `{"item":{"items":"7"},"stock":{"stock":"7"}}` + "\n", spans: 6},
	{name: "product", path: "/api/products/7", status: 200, body: `{"product":{"name":"A lamp","price":4200},"currency":"EUR"}` + "\n", spans: 3,
		logs: []string{"product shown"}},
	{name: "no-product", path: "/api/products/none", status: 404, spans: 2, logs: []string{"no such product"}},
	{name: "bad-key", path: "/api/products/a%0Ab", status: 404, spans: 2, logs: []string{"no such product"}},
	{name: "price", path: "/api/prices/8", status: 200, body: "9900\n", spans: 3, differ: noHits},
	{name: "price-again", path: "/api/prices/8", status: 200, body: "9900\n", spans: 2, differ: noHits},
	{name: "no-price", path: "/api/prices/none", status: 404, spans: 3},
	{name: "report", path: "/api/report?fresh", status: 200, body: "Nothing to report.\n", spans: 5},
	{name: "report-again", path: "/api/report", status: 200, body: "Nothing to report.\n", spans: 2, differ: noHits},
	{name: "orders", path: "/api/orders", status: 200, body: `{"data":"from the origin"}`, spans: 3},
	{name: "slow", path: "/slow?ms=1", status: 200, body: "That took 1 ms.\n", spans: 2},
	{name: "stream", path: "/stream", status: 200, spans: 1},
	{name: "panic", path: "/panic", status: 500, spans: 1},
	{name: "nothing", path: "/nothing/here", status: 404, spans: 1},
}

func TestExampleWaterfalls(t *testing.T) {
	s := example.afresh() // with empty caches
	for _, k := range exampleRequests {
		t.Run(k.name, func(t *testing.T) {
			spans, logs := k.spans, k.logs
			onViceroy(t, noHits, func() {
				switch k.name {
				case "price", "price-again":
					spans++
					logs = []string{"price without a cache"}
				case "report-again":
					spans++
					logs = []string{"report without a cache"}
				}
			})
			var edits []func(*http.Request)
			if len(k.headers) > 0 {
				edits = append(edits, header(k.headers[0], k.headers[1:]...))
			}
			r := s.get(t, k.path, edits...)
			assert.Equal(t, k.status, r.StatusCode)
			if k.body != "" {
				assert.Equal(t, k.body, r.body)
			}
			list := s.spans(t, r.trace, spans)
			list.oneLine(t)
			list.nest(t)
			w := whole
			w.Steps = k.name != "items" // this request does two things at once
			list.golden(t, "example/"+k.name, w, k.differ)
			s.logged(t, list, logs)
		})
	}
	t.Run("healthz", func(t *testing.T) { // the document in the config store excludes it from tracing
		r := s.get(t, "/healthz")
		assert.Equal(t, "ok\n", r.body)
		s.noSpans(r.trace)
	})
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	for _, line := range append(s.log.all, s.log.logs...) {
		assert.NotContains(t, line, "for-this-machine-alone", "a secret has been recorded")
	}
}

// Without its stores, the example serves what it can and reports what it cannot. Its traces show the reason.
func TestExampleWithoutStores(t *testing.T) {
	for _, k := range []struct {
		name, path string
		status     int
		spans      int
		logs       []string
	}{
		{"product", "/api/products/7", 503, 2, []string{"product store"}},
		{"price", "/api/prices/7", 503, 4, []string{"price without a cache", "product store"}},
		{"orders", "/api/orders", 503, 2, []string{"no token"}},
		{"greet", "/?name=Ada", 200, 2, nil},
	} {
		t.Run(k.name, func(t *testing.T) {
			r := bare.get(t, k.path)
			assert.Equal(t, k.status, r.StatusCode)
			list := bare.spans(t, r.trace, k.spans)
			list.nest(t)
			list.golden(t, "bare/"+k.name, whole, "")
			bare.logged(t, list, k.logs)
		})
	}
	bare.says(t, `remoteconfig: "edgespan": config store "tracing": config store not found; the previous settings stay`)
}

// logged checks that a request has logged exactly these messages, in one line, each with the ids of the server span.
func (s *service) logged(t *testing.T, l spanList, want []string) {
	t.Helper()
	id := l[0].SpanContext.TraceID
	var lines []string
	came := s.log.await(func() bool {
		lines = nil
		for _, line := range s.log.logs {
			if logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line)); err != nil || firstTrace(logs) == id.String() {
				lines = append(lines, line)
			}
		}
		return len(want) == 0 || len(lines) > 0
	})
	require.True(t, came, "no log line came; stderr of the host:\n%s", s.proc.said())
	var got []string
	for _, line := range lines {
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line))
		require.NoError(t, err, "the Collector's decoder refuses %s", line)
		service, _ := logs.ResourceLogs().At(0).Resource().Attributes().Get("service.name")
		assert.Equal(t, "example-service", service.Str())
		for _, r := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			got = append(got, r.Body().Str())
			server := l.server(t).SpanContext.SpanID
			assert.Equal(t, hex.EncodeToString(server[:]), r.SpanID().String())
			assert.True(t, r.Flags().IsSampled())
		}
	}
	assert.Equal(t, want, got)
	assert.LessOrEqual(t, len(lines), 1, "a request's records are one line")
}

func firstTrace(l plog.Logs) string {
	if l.LogRecordCount() == 0 {
		return ""
	}
	return l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).TraceID().String()
}
