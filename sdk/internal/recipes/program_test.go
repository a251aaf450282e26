// The go command cannot be run in wasm.

//go:build !wasm

package recipes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDatadogProgram runs the page's format with the spans of this test.
func TestDatadogProgram(t *testing.T) {
	_, rest, ok := strings.Cut(pages(t)["datadog"], "```go\n")
	require.True(t, ok)
	program, _, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	dir := t.TempDir()
	for name, text := range map[string]string{"main.go": program, "datadog_test.go": datadogTest} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	out, err := exec.Command("go", "test", "-vet=all", filepath.Join(dir, "main.go"), filepath.Join(dir, "datadog_test.go")).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

const datadogTest = `package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

func TestAppendDatadog(t *testing.T) {
	given := trace.Batch{Resource: trace.NewResource([]trace.Attribute{trace.String("service.name", "shop")})}
	for i, status := range []trace.StatusCode{trace.StatusUnset, trace.StatusOK, trace.StatusError} {
		given.Spans = append(given.Spans, trace.SpanData{
			SpanContext: trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{byte(i + 1)}}, Name: "GET \"/\"", Kind: trace.SpanKindServer,
			Start: 1_700_000_000_123_456_789, End: 1_700_000_000_200_000_000, Status: trace.Status{Code: status},
			Attributes: []trace.Attribute{trace.String("http.route", "/\n")}})
	}
	lines := bytes.Split(appendDatadog(nil, &given), []byte("\n"))
	require.Len(t, lines, 3)
	for i, line := range lines {
		var record struct {
			Ddsource, Service, Status string
			Trace_id, Span_id         string
			Timestamp                 int64
		}
		require.NoError(t, json.Unmarshal(line, &record), "%s", line)
		require.Equal(t, "fastly", record.Ddsource)
		require.Equal(t, "shop", record.Service)
		require.Equal(t, []string{"unset", "ok", "error"}[i], record.Status)
		require.Equal(t, given.Spans[i].SpanContext.TraceID.String(), record.Trace_id)
		require.Equal(t, given.Spans[i].SpanContext.SpanID.String(), record.Span_id)
		require.EqualValues(t, int64(1_700_000_000_123), record.Timestamp)

		got, err := compact.Decode(line)
		require.NoError(t, err)
		require.Equal(t, given.Spans[i:i+1], got.Spans)
		require.Equal(t, given.Resource.Attributes, got.Resource.Attributes)
	}
}
`
