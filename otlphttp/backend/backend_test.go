package backend_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/backend"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Natively there is no host. The test checks that this is an error, that the error does not contain the URL, and that it is
// counted. The end-to-end suite tests the rest.
func TestWithoutHost(t *testing.T) {
	for _, transport := range []*backend.Transport{backend.Named("collector"), backend.Dynamic("collector", "collector.example", nil)} {
		e := otlphttp.New(otlphttp.Config{URL: "https://collector.example/v1/traces?key=topsecret", Transport: transport, Attempts: 1})
		err := e.Export(context.Background(), &trace.Batch{Spans: make([]trace.SpanData, 2)})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "topsecret")
		assert.Equal(t, uint64(2), e.Stats().DroppedSpans)
	}
}
