package collector

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/internal/otelcol"
)

// A Collector in a process of its own gets lines, and its file exporter writes them, batched and with its own order of keys.
// `edgespan view` reads that file, and `edgespan ship` sends it again.
func TestFileOfTheCollectorIsReadAgain(t *testing.T) {
	binary, err := otelcol.Find("../..")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("make collector builds it: ", err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "lines")
	lines, spans := writeLines(t, file, 1_000_000)
	c, err := otelcol.Start(binary, dir, "")
	require.NoError(t, err)
	p := run(t, "ship", "-o", "http://"+c.Address, "--batch-bytes", "50kB", file)
	assert.Zero(t, p.code, p.stderr)
	require.Eventually(t, func() bool {
		written, err := c.Lines()
		return err == nil && len(written) > 0
	}, 20*time.Second, 50*time.Millisecond)
	c.Stop()
	written, err := c.Lines()
	require.NoError(t, err)
	assert.Less(t, len(written), lines/5, "many traces to a line")

	ours := run(t, "view", "--summary", "--text", "hide", file)
	theirs := run(t, "view", "--summary", filepath.Join(dir, "traces.json"))
	assert.Equal(t, ours.stdout, theirs.stdout)
	assert.Empty(t, theirs.stderr)

	sink := newCounter()
	p = run(t, "ship", "-o", startBoth(t, sink), filepath.Join(dir, "traces.json"))
	assert.Zero(t, p.code, p.stderr)
	assert.Equal(t, spans, sink.count())
	assert.Zero(t, sink.duplicates())
	t.Logf("%d lines, %d spans; %d lines of the Collector's file exporter\n%s", lines, spans, len(written), p.stdout)
}
