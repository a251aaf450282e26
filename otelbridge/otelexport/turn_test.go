package otelexport_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/otelbridge/otelexport"
	"github.com/edgespan/edgespan/sdk/trace"
)

// These tests use synctest: time advances when all goroutines wait.

// A call that has waited for others still has all of Config.Timeout for itself.
func TestTimeoutAppliesToOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &spy{export: func(ctx context.Context) error {
			select {
			case <-time.After(2 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}
		e := otelexport.NewExporter(s, otelexport.Config{Timeout: 3 * time.Second})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { assert.NoError(t, e.Export(context.Background(), new(trace.Batch))) })
		}
		wg.Wait()
		assert.Equal(t, 1, s.most)
	})
}

// Flush and Shutdown return when their context is done, even if another call does not return.
func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		s := &spy{export: func(context.Context) error { <-release; return nil }}
		e := otelexport.NewExporter(s)
		var first error
		go func() { first = e.Export(context.Background(), new(trace.Batch)) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		require.ErrorIs(t, e.Shutdown(ctx), context.DeadlineExceeded)
		require.ErrorIs(t, e.Flush(ctx), context.DeadlineExceeded)
		assert.Zero(t, s.shutdown)
		assert.Zero(t, s.flushed)

		close(release)
		synctest.Wait()
		require.NoError(t, first)
		require.NoError(t, e.Export(context.Background(), new(trace.Batch)), "nothing is shut down yet")
		require.EqualError(t, e.Shutdown(ctx), "down", "it does not have to wait")
		assert.Equal(t, 1, s.shutdown)
	})
}
