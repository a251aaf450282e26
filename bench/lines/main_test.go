package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const line = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"s"},` +
	`"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET"}]}]}]}`

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(nil, strings.NewReader("otlp_logs :: "+line+"\n"+line+"\nListening on http://127.0.0.1:7676\n"), &out))
	assert.Contains(t, out.String(), "2 requests, 1.0 spans each; 1 other lines")
	assert.Regexp(t, `otlp +1000 +\d+ `, out.String())
	assert.Regexp(t, `compact +1 +\d+ `, out.String())

	// The last line of the first file has no newline.
	files := []string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")}
	for _, file := range files {
		require.NoError(t, os.WriteFile(file, []byte(line), 0o600))
	}
	require.NoError(t, run(files, nil, &out))
	assert.Contains(t, out.String(), "2 requests, 1.0 spans each; 0 other lines")

	assert.ErrorContains(t, run(nil, strings.NewReader("nothing\n"), &out), "no OTLP line among 1")
	assert.Error(t, run([]string{"not-there"}, nil, &out))
}
