//go:build go1.25

package wasi_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

// held is a Sink whose Send blocks until it is released.
type held struct {
	batch.Sink
	release chan struct{}
}

func (h held) Send(ctx context.Context, lines [][]byte) batch.Result {
	<-h.release
	return h.Sink.Send(ctx, lines)
}

// A Flush that waits for another one returns when its context is done, and sends nothing.
func TestFlushWaitsUntilItsContextIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far := &receiver{}
		sink := held{far.sink(0), make(chan struct{})}
		f := wasi.Open(path(t), wasi.Config{Sink: sink})
		require.NoError(t, f.Export(background, &trace.Batch{Spans: make([]trace.SpanData, 1)}))
		first := make(chan error)
		go func() { first <- f.Flush(background) }()
		synctest.Wait()

		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		began := time.Now()
		require.ErrorIs(t, f.Flush(ctx), context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(began))

		close(sink.release)
		require.NoError(t, <-first)
		require.NoError(t, f.Flush(background), "the other Flush has ended")
		assert.Equal(t, uint64(1), f.Stats().SentSpans)
	})
}
