package fastlylogsreceiver

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// A body of 10,000 lines for each format, framing and encoding. Three of its lines are broken, each in a different way.
func TestGoodLinesOfABatchWithBadOnes(t *testing.T) {
	framings := map[string]func([][]byte) []byte{
		"lines":   joinLines,
		"array":   array,
		"classic": func(l [][]byte) []byte { return joinLines(classic(l)) },
	}
	encodings := map[string]func(testing.TB, []byte) []byte{
		"":     func(_ testing.TB, b []byte) []byte { return b },
		"gzip": gzipped,
		"zstd": zstandard,
	}
	for name, format := range formats {
		lines := spanLines(t, 10_000, format)
		lines[17] = lines[17][:len(lines[17])/2]               // truncated
		lines[5000] = []byte(`{"resourceSpans":"none"}`)       // JSON without spans
		lines[9999] = []byte(`{"trace_id":"xyz","span_id":1}`) // invalid ids
		for framing, frame := range framings {
			body := frame(lines)
			for encoding, encode := range encodings {
				t.Run(name+" "+framing+" "+encoding, func(t *testing.T) {
					s := startServer(t, nil)
					resp, text := s.post(encode(t, body), "Content-Encoding", encoding)
					require.Equal(t, http.StatusOK, resp.StatusCode, text)
					assert.Equal(t, 9_997, s.traces.SpanCount())
					s.requireLines(10_000, 3, 0)

					require.Len(t, s.traces.AllTraces(), 1, "one call for the body")
					resources := s.traces.AllTraces()[0].ResourceSpans()
					require.Equal(t, 1, resources.Len(), "equal resources are one")
					require.Equal(t, 1, resources.At(0).ScopeSpans().Len(), "equal scopes are one")
					region, _ := resources.At(0).Resource().Attributes().Get("cloud.region")
					assert.Equal(t, "EU", region.Str())
					ids := map[string]bool{}
					for _, span := range resources.At(0).ScopeSpans().At(0).Spans().All() {
						ids[span.TraceID().String()] = true
						text, _ := span.Attributes().Get("text")
						require.Equal(t, "\"{[\\\u2028\n", text.Str())
					}
					assert.Len(t, ids, 9_997, "each trace once")
				})
			}
		}
	}
}

func TestTracesAndLogsOfOneEndpoint(t *testing.T) {
	s := startServer(t, nil)
	resp, text := s.post(joinLines(slices.Concat(otlpLines(t, 3), logLines(t, 4), compactLines(t, 2))))
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	assert.Equal(t, 5, s.traces.SpanCount())
	assert.Equal(t, 4, s.logs.LogRecordCount())
	assert.Equal(t, "cart is full", s.logs.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str())
	s.requireLines(9, 0, 0)

	for metric, want := range map[string]int64{"otelcol_receiver_accepted_spans": 5, "otelcol_receiver_accepted_log_records": 4} {
		m, err := s.telemetry.GetMetric(metric)
		require.NoError(t, err, "the Collector's own telemetry")
		assert.Contains(t, fmt.Sprintf("%+v", m.Data), fmt.Sprintf("Value:%d", want), metric)
	}
}

func TestLinesWithoutAPipelineAreCounted(t *testing.T) {
	sink := new(consumertest.TracesSink)
	s := startWith(t, sink, nil)
	resp, _ := s.post(joinLines(slices.Concat(otlpLines(t, 2), logLines(t, 3))))
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Equal(t, 2, sink.SpanCount())
	s.requireLines(5, 0, 3)
}

func TestAnswers(t *testing.T) {
	s := startServer(t, func(c *Config) { c.ServerConfig.MaxRequestBodySize = 1 << 20 })
	huge := bytes.Repeat([]byte(" "), 4<<20)
	tests := []struct {
		name    string
		method  string
		path    string
		body    []byte
		headers []string
		status  int
	}{
		{"nothing", "POST", "/v1/logs-from-fastly", nil, nil, 200},
		{"by PUT", "PUT", "/v1/logs-from-fastly", nil, nil, 200},
		{"no good line by PUT", "PUT", "/v1/logs-from-fastly", []byte("hello"), nil, 400},
		{"white space", "POST", "/v1/logs-from-fastly", []byte("\r\n \n"), nil, 200},
		{"an empty array", "POST", "/v1/logs-from-fastly", []byte("[]"), nil, 200},
		{"no good line", "POST", "/v1/logs-from-fastly", []byte("hello\n{}\n"), nil, 400},
		{"too large", "POST", "/v1/logs-from-fastly", huge, nil, 413},
		{"too large once unpacked, gzip", "POST", "/v1/logs-from-fastly", gzipped(t, huge), []string{"Content-Encoding", "gzip"}, 413},
		{"too large once unpacked, zstd", "POST", "/v1/logs-from-fastly", zstandard(t, huge), []string{"Content-Encoding", "zstd"}, 413},
		{"not gzip", "POST", "/v1/logs-from-fastly", []byte("{}"), []string{"Content-Encoding", "gzip"}, 400},
		{"not zstd", "POST", "/v1/logs-from-fastly", []byte("{}"), []string{"Content-Encoding", "zstd"}, 400},
		{"cut off gzip", "POST", "/v1/logs-from-fastly", gzipped(t, otlpLines(t, 9)[0])[:40], []string{"Content-Encoding", "gzip"}, 400},
		{"an encoding that is not taken", "POST", "/v1/logs-from-fastly", []byte("{}"), []string{"Content-Encoding", "snappy"}, 400},
		{"another method", "GET", "/v1/logs-from-fastly", nil, nil, 405},
		{"another path", "POST", "/v1/traces", nil, nil, 404},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp, text := s.do(test.method, test.path, test.body, test.headers...)
			assert.Equal(t, test.status, resp.StatusCode, text)
		})
	}
	assert.Zero(t, s.traces.SpanCount())
	s.requireRefused(map[string]int64{"malformed": 2, "too_large": 3, "unreadable": 4})
}

// A body that is too large is lost, and Fastly sends bodies of up to 100 MB by default.
func TestTheLargestBodyThatFastlySendsIsTaken(t *testing.T) {
	s := startServer(t, nil)
	body := append(bytes.Repeat([]byte(" "), 100_000_000-1000), otlpLines(t, 1)[0]...)
	resp, text := s.post(body)
	assert.Equal(t, http.StatusOK, resp.StatusCode, text)
	assert.Equal(t, 1, s.traces.SpanCount())
}

func TestPipelineRefuses(t *testing.T) {
	later, never := errors.New("memory is short"), consumererror.NewPermanent(errors.New("not like this"))
	tests := []struct {
		name         string
		traces, logs error
		status       int
	}{
		{"for now", later, nil, 503},
		{"for ever", never, nil, 400},
		{"logs for now", nil, later, 503},
		{"traces for ever, logs for now", never, later, 503},
		{"traces for now, logs for ever", later, never, 503},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := startWith(t, consumertest.NewErr(test.traces), consumertest.NewErr(test.logs))
			resp, text := s.post(joinLines(append(otlpLines(t, 1), logLines(t, 1)...)))
			assert.Equal(t, test.status, resp.StatusCode)
			assert.NotContains(t, text, "memory", "the answer does not describe the Collector")
			s.requireRefused(map[string]int64{"pipeline": 1})
			if test.status == http.StatusServiceUnavailable {
				assert.Equal(t, "5", resp.Header.Get("Retry-After"))
			} else {
				assert.Empty(t, resp.Header.Get("Retry-After"))
			}
		})
	}
}

func TestRetryAfterIsRoundedUp(t *testing.T) {
	for given, want := range map[time.Duration]string{0: "1", time.Millisecond: "1", 1500 * time.Millisecond: "2", time.Minute: "60"} {
		s := &server{t: t}
		s.start(func(c *Config) { c.RetryAfter = given }, consumertest.NewErr(errors.New("no")), nil)
		resp, _ := s.post(otlpLines(t, 1)[0])
		assert.Equal(t, want, resp.Header.Get("Retry-After"))
	}
}

func TestRequiredHeader(t *testing.T) {
	s := startServer(t, func(c *Config) { c.RequiredHeader = RequiredHeader{Name: "X-Log-Secret", Value: "open sesame"} })
	line := otlpLines(t, 1)[0]
	for _, headers := range [][]string{nil, {"X-Log-Secret", ""}, {"X-Log-Secret", "open"}, {"X-Log-Secret", "open sesame "[:10]}, {"Other", "open sesame"}} {
		resp, text := s.post(line, headers...)
		assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, "%q", headers)
		assert.NotContains(t, text, "sesame")
	}
	assert.Zero(t, s.traces.SpanCount())
	s.requireRefused(map[string]int64{"unauthorized": 5})
	for _, entry := range s.log.All() {
		assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), "sesame")
	}

	resp, _ := s.post(line, "x-log-secret", "open sesame")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Equal(t, 1, s.traces.SpanCount())

	resp, _ = s.do(http.MethodGet, challengePath, nil)
	assert.Equal(t, http.StatusOK, resp.StatusCode, "Fastly asks without the header")
}

func TestChallenge(t *testing.T) {
	tests := []struct {
		ids  []string
		want string
	}{
		{[]string{"*"}, "*"},
		{[]string{"abc"}, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}, // the example of FIPS 180-4
		{[]string{"abc", "SU1Z0isxPaozGVKXdv0eY"}, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n" +
			fmt.Sprintf("%x", sha256.Sum256([]byte("SU1Z0isxPaozGVKXdv0eY")))},
	}
	for _, test := range tests {
		s := startServer(t, func(c *Config) { c.ServiceIDs = test.ids })
		resp, text := s.do(http.MethodGet, challengePath, nil)
		assert.Equal(t, http.StatusOK, resp.StatusCode)
		assert.Equal(t, test.want, text)
		resp, _ = s.do(http.MethodPost, challengePath, nil)
		assert.Equal(t, http.StatusMethodNotAllowed, resp.StatusCode)
	}
}
