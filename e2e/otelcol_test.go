//go:build otelcol

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/edgespan/edgespan/internal/otelcol"
)

// A real Collector receives the spans that a Compute service sends. `make test-otlphttp` builds the Collector.
func TestOTLPHTTPToACollector(t *testing.T) {
	binary, err := otelcol.Find("..")
	require.NoError(t, err)
	c, err := otelcol.Start(binary, t.TempDir(), "")
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	s := otlpServiceAt(t, "http://"+c.Address)

	received := func() (names map[string][]string, spans int) {
		names = map[string][]string{}
		lines, err := c.Lines()
		require.NoError(t, err)
		for _, line := range lines {
			traces, err := new(ptrace.JSONUnmarshaler).UnmarshalTraces(line)
			require.NoError(t, err)
			spans += traces.SpanCount()
			for _, rs := range traces.ResourceSpans().All() {
				for _, ss := range rs.ScopeSpans().All() {
					for _, s := range ss.Spans().All() {
						id := s.TraceID().String()
						names[id] = append(names[id], s.Name())
					}
				}
			}
		}
		return names, spans
	}
	const each = 100
	var sent []caller
	for _, path := range []string{"/plain", "/gzip", "/dynamic?address=" + strings.TrimPrefix(c.Address, "http://")} {
		for range each {
			r := s.get(t, path)
			assert.Equal(t, "hello\n", r.body)
			sent = append(sent, r.caller)
		}
	}
	require.Eventually(t, func() bool { _, spans := received(); return spans >= 2*len(sent) }, patience, 50*time.Millisecond, "%s", s.proc.said())
	names, spans := received()
	for _, one := range sent {
		assert.Equal(t, []string{"GET", "render"}, names[one.trace.String()])
	}
	assert.Equal(t, 2*len(sent), spans)
	t.Logf("on %s: %d spans sent, %d received", host.name, 2*len(sent), spans)
}
