//go:build go1.25

package wasi_test

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

// An error that persists is returned once, and again if it comes back after a success.
func TestErrorIsReturnedAgainAfterASuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		name := path(t)
		f := wasi.Open(name)
		b := &trace.Batch{Spans: make([]trace.SpanData, 1)}
		for range 2 {
			require.NoError(t, os.Mkdir(name, 0o700))
			require.Error(t, f.Export(background, b))
			require.NoError(t, f.Export(background, b))
			require.NoError(t, os.Remove(name))
			require.NoError(t, f.Export(background, b))
			require.NoError(t, os.Remove(name))
			time.Sleep(time.Hour)
		}
		assert.Equal(t, uint64(4), f.Stats().DroppedSpans)
		assert.Equal(t, uint64(2), f.Stats().Spans)
	})
}
