package configs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What an S3 endpoint has left reaches the backend once: plain and gzipped files, whose first thousand bytes are the same, read
// by a Collector that is killed in between.
func TestFilesOfAnS3Endpoint(t *testing.T) {
	binary := os.Getenv("OTELCOL")
	if binary == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("OTELCOL must name the Collector that `make collector` builds")
		}
		t.Skip("OTELCOL is not set: make test-collector does")
	}
	backend := newBackend(t)
	backend.open()
	dir := t.TempDir()
	logged, err := os.Create(filepath.Join(dir, "collector.log"))
	require.NoError(t, err)
	t.Cleanup(func() {
		if text, err := os.ReadFile(logged.Name()); err == nil && t.Failed() {
			t.Logf("%s", text)
		}
		_ = logged.Close()
	})
	start := func() *exec.Cmd {
		cmd := exec.Command(binary, "--config", "file.yaml", "--config", "yaml:service::telemetry::metrics::level: none")
		cmd.Env = append(os.Environ(), "OTLP_ENDPOINT="+backend.url, "STORAGE="+filepath.Join(dir, "queue"), "LINES="+filepath.Join(dir, "spool", "*.log*"))
		cmd.Stdout, cmd.Stderr = logged, logged
		require.NoError(t, cmd.Start())
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		return cmd
	}

	const perFile = 500
	files := 0
	upload := func(n int) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "spool"), 0o700))
		for range n {
			var text bytes.Buffer
			for i := range perFile {
				id := files*perFile + i + 1
				fmt.Fprintf(&text, `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}}]},`+
					`"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"GET"}]}]}]}`+"\n", strings.Repeat("shop", 500), id, id)
			}
			name := fmt.Sprintf("2026-11-22T22-%02d-00-hHk5UDVgMwxnmzIwQTUA.log", files)
			content := text.Bytes()
			if files%2 == 1 {
				var packed bytes.Buffer
				zip := gzip.NewWriter(&packed)
				_, _ = zip.Write(content)
				require.NoError(t, zip.Close())
				name, content = name+".gz", packed.Bytes()
			}
			part := filepath.Join(dir, "part") // as `aws s3 sync` does: a file that has its name is whole
			require.NoError(t, os.WriteFile(part, content, 0o600))
			require.NoError(t, os.Rename(part, filepath.Join(dir, "spool", name)))
			files++
		}
	}

	cmd := start()
	upload(4)
	require.Eventually(t, func() bool { return backend.traces() > 0 }, time.Minute, 50*time.Millisecond)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	upload(4)
	start()
	assert.Eventually(t, func() bool { return backend.traces() >= files*perFile }, time.Minute, 100*time.Millisecond)
	assert.Equal(t, files*perFile, backend.traces())
	t.Logf("%d traces of %d files arrived, %d spans of them again", backend.traces(), files, backend.spans()-backend.traces())
}
