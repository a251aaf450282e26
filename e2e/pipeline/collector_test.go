package pipeline

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// collector is bin/otelcol-edgespan with one of the configurations in collector/configs. It can be killed and restarted.
type collector struct {
	*process
	tb      testing.TB
	name    string
	config  string // a file in collector/configs
	env     []string
	changes []string // changes to the configuration: YAML, with :: between keys
	storage string   // the directory of its queue
	metrics string   // the address of its own metrics
}

// newCollector prepares a Collector with its own directory for the queue. start starts it.
func newCollector(tb testing.TB, name, config string, backend *sink, env ...string) *collector {
	address, storage := freeAddress(tb), filepath.Join(tb.TempDir(), "queue")
	host, port, _ := strings.Cut(address, ":")
	return &collector{
		tb: tb, name: name, config: config, storage: storage,
		env: append(env, "OTLP_ENDPOINT="+backend.url, "STORAGE="+storage),
		changes: []string{
			"exporters::otlp_http::retry_on_failure::max_interval: 2s", // so that the test does not wait half a minute after an outage
			fmt.Sprintf("service::telemetry::metrics::readers: [{pull: {exporter: {prometheus: {host: %s, port: %s}}}}]", host, port),
		},
		metrics: "http://" + address + "/metrics",
	}
}

func (c *collector) start() {
	args := []string{"--config", filepath.Join("..", "..", "collector", "configs", c.config)}
	for _, change := range c.changes {
		args = append(args, "--config", "yaml:"+change)
	}
	cmd := exec.Command(setting(c.tb, "OTELCOL"), args...)
	cmd.Env = append(os.Environ(), c.env...)
	c.process = start(c.tb, c.name, cmd)
	require.Eventually(c.tb, func() bool {
		require.True(c.tb, c.running(), "the Collector has ended")
		return strings.Contains(c.said(), "Everything is ready.")
	}, time.Minute, 50*time.Millisecond, "the Collector does not start")
}

// metric returns the value of one of the Collector's own metrics, summed over all series that have all of the labels.
func (c *collector) metric(name string, labels ...string) (sum float64) {
	resp, err := http.Get(c.metrics)
	require.NoError(c.tb, err)
	defer resp.Body.Close()
series:
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		series, value := lines.Text(), ""
		if space := strings.LastIndexByte(series, ' '); space >= 0 {
			series, value = series[:space], series[space+1:]
		}
		if bare, _, _ := strings.Cut(series, "{"); bare != name {
			continue
		}
		for _, label := range labels {
			if !strings.Contains(series, label) {
				continue series
			}
		}
		v, err := strconv.ParseFloat(value, 64)
		require.NoError(c.tb, err, series)
		sum += v
	}
	return sum
}

// queued returns the number of requests in the queue on disk.
func (c *collector) queued() int { return int(c.metric("otelcol_exporter_queue_size")) }
