package logendpoint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Natively there is no host, so each write fails.
func TestErrorsNameTheirEndpoint(t *testing.T) {
	n, err := writerTo("otlp_logs")([]byte("line"))
	require.Zero(t, n)
	require.ErrorContains(t, err, "logendpoint: otlp_logs: ")

	n, err = OpenWriter("app_logs").Write([]byte("line"))
	require.Zero(t, n)
	require.ErrorContains(t, err, "logendpoint: app_logs: ")
}
