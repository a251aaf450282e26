package logendpoint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Natively there is no host, so each write fails.
func TestErrorsNameTheirEndpoint(t *testing.T) {
	n, err := writerTo("otlp_logs")([]byte("line"))
	require.Zero(t, n)
	require.EqualError(t, err, "logendpoint: otlp_logs: not implemented: a native program has no log endpoints; "+
		"use tracetest.NewExporter in tests, any io.Writer for logs, and see docs/native.md for programs")

	n, err = OpenWriter("app_logs").Write([]byte("line"))
	require.Zero(t, n)
	require.ErrorContains(t, err, "logendpoint: app_logs: ")
}
