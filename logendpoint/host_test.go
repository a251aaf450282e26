package logendpoint

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Natively there is no host, so each write fails.
func TestErrorsNameTheirEndpoint(t *testing.T) {
	n, err := writerTo("otlp_logs")([]byte("line"))
	require.Zero(t, n)
	require.EqualError(t, err, "logendpoint: otlp_logs: not implemented where a program runs natively, which has no log endpoints: "+
		"take tracetest.NewExporter in tests, for logs any io.Writer, and in programs what docs/native.md has")

	n, err = OpenWriter("app_logs").Write([]byte("line"))
	require.Zero(t, n)
	require.ErrorContains(t, err, "logendpoint: app_logs: ")
}
