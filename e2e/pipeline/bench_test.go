package pipeline

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/compact"
)

// BenchmarkKafka measures how many traces one Collector can read from a full topic, and how much CPU time it uses. Run it with
// -benchtime 10000x, which is the number of traces. The broker, the backend and this test share the machine with the Collector,
// so traces/s is lower than for a Collector alone; cpu-µs/trace counts only the Collector.
func BenchmarkKafka(b *testing.B) {
	traffic := newTraffic()
	one := func(i, _ int) ([]byte, int) { return traffic.line(i), 1 }
	for _, c := range []struct {
		name  string
		line  func(i, limit int) ([]byte, int)
		fsync bool
	}{
		{"a line a request", one, false},
		{"lines of several requests", traffic.joined, false},
		{"a line a request with fsync", one, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			kafka := startBroker(b)
			kafka.createTopic(b, topic, 8)
			backend := newSink(b, traffic, b.N)
			var lines [][]byte
			for i := 0; i < b.N; {
				line, n := c.line(i, b.N)
				lines = append(lines, line)
				i += n
			}
			kafka.write(b, topic, len(lines), func(i int) []byte { return lines[i] })
			collector := newCollector(b, "collector", "kafka.yaml", backend, "KAFKA_BROKERS="+kafka.address)
			collector.changes = append(collector.changes, fmt.Sprintf("extensions::file_storage::fsync: %v", c.fsync))
			b.ResetTimer()
			collector.start()
			measure(b, collector, backend)
			b.ReportMetric(float64(b.N)/float64(len(lines)), "traces/line")
		})
	}
}

// BenchmarkFile measures the same for a file.
func BenchmarkFile(b *testing.B) {
	for _, fsync := range []bool{false, true} {
		b.Run(fmt.Sprintf("fsync=%v", fsync), func(b *testing.B) {
			traffic := newTraffic()
			backend := newSink(b, traffic, b.N)
			name := filepath.Join(b.TempDir(), "lines.json")
			var lines bytes.Buffer
			for i := range b.N {
				lines.Write(traffic.line(i))
				lines.WriteByte('\n')
			}
			require.NoError(b, os.WriteFile(name, lines.Bytes(), 0o600))
			c := newCollector(b, "collector", "file.yaml", backend, "LINES="+name)
			c.changes = append(c.changes, fmt.Sprintf("extensions::file_storage::fsync: %v", fsync))
			b.ResetTimer()
			c.start()
			measure(b, c, backend)
		})
	}
}

// BenchmarkHTTPS measures the same for fastlylogs, with bodies of 500 lines, for each format.
func BenchmarkHTTPS(b *testing.B) {
	traffic := newTraffic()
	formats := map[string]func(i int) []byte{
		"otlp":    traffic.line,
		"compact": func(i int) []byte { return compact.Append(nil, traffic.batch(i)) },
	}
	for format, line := range formats {
		b.Run(format, func(b *testing.B) {
			const lines = 500
			backend := newSink(b, traffic, b.N)
			site := newSite(b)
			c := newHTTPSCollector(b, "collector", site, backend)
			c.start()
			b.ResetTimer()
			for i := 0; i < b.N; i += lines {
				var body bytes.Buffer
				for k := i; k < min(i+lines, b.N); k++ {
					body.Write(bytes.TrimSpace(line(k)))
					body.WriteByte('\n')
				}
				require.Equal(b, http.StatusOK, site.post(b, body.Bytes()))
			}
			measure(b, c, backend)
		})
	}
}

// measure waits until all traces have arrived, and reports the results.
func measure(b *testing.B, c *collector, backend *sink) {
	for began := time.Now(); backend.now().lost() > 0; time.Sleep(10 * time.Millisecond) {
		require.Less(b, time.Since(began), 5*time.Minute, "%s", backend.now())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "traces/s")
	b.ReportMetric(c.metric("otelcol_process_cpu_seconds")*1e6/float64(b.N), "cpu-µs/trace")
	b.ReportMetric(c.metric("otelcol_process_memory_rss")/1e6, "MB")
	b.ReportMetric(0, "ns/op")
}
