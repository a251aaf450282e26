package fastlylogsreceiver

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/edgespan/edgespan/collector/fastlylogsreceiver/internal/metadatatest"
	"github.com/edgespan/edgespan/internal/freeport"
)

var background = context.Background()

// server is a running receiver with sinks behind it.
type server struct {
	t         *testing.T
	url       string
	telemetry *componenttest.Telemetry
	traces    *consumertest.TracesSink
	logs      *consumertest.LogsSink
	log       *observer.ObservedLogs // the Collector's own log, warnings and errors
}

// startServer starts a receiver that is in both pipelines.
func startServer(t *testing.T, configure func(*Config)) *server {
	s := &server{t: t, traces: new(consumertest.TracesSink), logs: new(consumertest.LogsSink)}
	s.start(configure, s.traces, s.logs)
	return s
}

// startWith starts a receiver with these consumers. If one is nil, the receiver is in no pipeline for it.
func startWith(t *testing.T, traces consumer.Traces, logs consumer.Logs) *server {
	s := &server{t: t}
	s.start(nil, traces, logs)
	return s
}

func (s *server) start(configure func(*Config), traces consumer.Traces, logs consumer.Logs) {
	t := s.t
	factory := NewFactory()
	config := factory.CreateDefaultConfig().(*Config)
	config.ServerConfig.NetAddr.Endpoint = freeAddress(t)
	config.ServiceIDs = []string{"*"}
	if configure != nil {
		configure(config)
	}
	require.NoError(t, config.Validate())

	s.url = "http://" + config.ServerConfig.NetAddr.Endpoint
	s.telemetry = componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, s.telemetry.Shutdown(background)) })
	settings := metadatatest.NewSettings(s.telemetry)
	core, log := observer.New(zap.WarnLevel)
	settings.Logger, s.log = zap.New(core), log
	host := componenttest.NewNopHost()
	if traces != nil {
		r, err := factory.CreateTraces(background, settings, config, traces)
		require.NoError(t, err)
		require.NoError(t, r.Start(background, host))
		t.Cleanup(func() { require.NoError(t, r.Shutdown(background)) })
	}
	if logs != nil {
		r, err := factory.CreateLogs(background, settings, config, logs)
		require.NoError(t, err)
		require.NoError(t, r.Start(background, host))
		t.Cleanup(func() { require.NoError(t, r.Shutdown(background)) })
	}
}

// freeAddress returns an address on which nobody listens.
func freeAddress(t *testing.T) string {
	address, err := freeport.Address()
	require.NoError(t, err)
	return address
}

// post sends a body as Fastly does. headers are pairs of name and value.
func (s *server) post(body []byte, headers ...string) (*http.Response, string) {
	s.t.Helper()
	return s.do(http.MethodPost, "/v1/logs-from-fastly", body, headers...)
}

func (s *server) do(method, path string, body []byte, headers ...string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, bytes.NewReader(body))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp, strings.TrimSpace(string(text))
}

// requireLines checks the receiver's own counters. For an expected count of 0, the counter may not exist yet.
func (s *server) requireLines(received, malformed, noPipeline int64) {
	s.t.Helper()
	metadatatest.AssertEqualFastlylogsLinesReceived(s.t, s.telemetry, []metricdata.DataPoint[int64]{{Value: received}},
		metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	var want []metricdata.DataPoint[int64]
	for reason, n := range map[string]int64{"malformed": malformed, "no_pipeline": noPipeline} {
		if n > 0 {
			want = append(want, metricdata.DataPoint[int64]{Attributes: attribute.NewSet(attribute.String("reason", reason)), Value: n})
		}
	}
	if want == nil {
		_, err := s.telemetry.GetMetric("otelcol_fastlylogs_lines_dropped")
		require.Error(s.t, err, "nothing is dropped")
		return
	}
	metadatatest.AssertEqualFastlylogsLinesDropped(s.t, s.telemetry, want, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
}

// requireRefused checks how many requests were refused for each reason, and that each reason is in the log.
func (s *server) requireRefused(reasons map[string]int64) {
	s.t.Helper()
	var want []metricdata.DataPoint[int64]
	for reason, n := range reasons {
		want = append(want, metricdata.DataPoint[int64]{Attributes: attribute.NewSet(attribute.String("reason", reason)), Value: n})
		require.NotZero(s.t, s.log.FilterMessage("refused a request: "+reason).Len(), reason)
	}
	metadatatest.AssertEqualFastlylogsRequestsRefused(s.t, s.telemetry, want, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
}

func gzipped(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func zstandard(t testing.TB, b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return w.EncodeAll(b, nil)
}
