package pipeline

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Files of an S3 endpoint arrive: plain and gzipped files that all begin with the same thousand bytes. The Collector that reads
// them is killed meanwhile, while more files appear.
func TestFile(t *testing.T) {
	const traces, files = 8000, 4
	traffic := newTraffic()
	backend := newSink(t, traffic, traces)
	dir := t.TempDir()
	upload := func(n int) {
		var lines bytes.Buffer
		for i := n * traces / files; i < (n+1)*traces/files; i++ {
			// All files are from the same sandbox.
			lines.Write(bytes.ReplaceAll(traffic.line(i), fmt.Appendf(nil, "%032x", 1+i), fmt.Appendf(nil, "%032x", 0)))
			lines.WriteByte('\n')
		}
		name := fmt.Sprintf("2026-11-22T22-%02d-00-hHk5UDVgMwxnmzIwQTUA.log", n)
		if n%2 == 1 {
			var zipped bytes.Buffer
			zip := gzip.NewWriter(&zipped)
			_, err := lines.WriteTo(zip)
			require.NoError(t, err)
			require.NoError(t, zip.Close())
			name, lines = name+".gz", zipped
		}
		part := filepath.Join(t.TempDir(), name) // as `aws s3 sync` does: a file gets its name when it is complete
		require.NoError(t, os.WriteFile(part, lines.Bytes(), 0o600))
		require.NoError(t, os.Rename(part, filepath.Join(dir, name)))
	}
	c := newCollector(t, "collector", "file.yaml", backend, "LINES="+filepath.Join(dir, "*.log*"))
	c.changes = append(c.changes, "exporters::otlp_http::sending_queue::queue_size: 1000") // so that it cannot have read everything
	upload(0)
	upload(1)
	began := time.Now()
	backend.refuse(true)
	c.start()
	wait(t, backend, time.Minute, "a queue on disk", func() bool { return c.queued() >= 500 })
	t.Logf("killing the Collector: %d lines wait in its queue, %s", c.queued(), backend.now())
	c.kill()
	upload(2)
	upload(3)
	backend.refuse(false)
	c.start()
	wait(t, backend, time.Minute, "all traces", func() bool { return backend.now().lost() == 0 })
	report(t, "File", backend, time.Since(began))
}
