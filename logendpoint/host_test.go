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

func TestStatusText(t *testing.T) {
	for status, want := range map[uint32]string{0: "OK", 1: "Error", 2: "Inval", 3: "Badf", 10: "None", 13: "LimitExceeded", 14: "Again",
		15: "FastlyStatus(15)", 1<<32 - 1: "FastlyStatus(4294967295)"} {
		require.Equal(t, want, statusText(status))
	}
}
