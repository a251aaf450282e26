//go:build go1.25

package batch

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// In these tests, time passes only when all goroutines wait.

func TestBackgroundSendsAtThreshold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{}
		p := New(Config{Sink: sink, Spans: 3})
		giveMany(p, 2)
		synctest.Wait()
		assert.Zero(t, sink.calls)
		giveMany(p, 1)
		synctest.Wait()
		assert.Len(t, sink.names(), 3)
		giveMany(p, 3)
		synctest.Wait()
		assert.Len(t, sink.names(), 6)
		require.NoError(t, p.Shutdown(background))
	})
}

func TestBackgroundSendsByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{}
		p := New(Config{Sink: sink})
		for range 3 { // the goroutine ends in between
			sink.got = nil
			giveMany(p, 1)
			time.Sleep(3 * time.Second)
			giveMany(p, 1)
			time.Sleep(2*time.Second - 1)
			synctest.Wait()
			assert.Empty(t, sink.names())
			time.Sleep(time.Nanosecond)
			synctest.Wait()
			assert.Len(t, sink.names(), 2)
			assert.False(t, p.running)
		}
	})
}

// The goroutine ends with the last span, whoever sends that, and starts again with the next.
func TestBackgroundEndsWithTheLastSpan(t *testing.T) {
	for _, age := range []time.Duration{-1, time.Hour} {
		synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left over
			sink := &fakeSink{}
			p := New(Config{Sink: sink, Age: age, Spans: 3})
			for range 3 {
				sink.got = nil
				giveMany(p, 2)
				synctest.Wait()
				assert.True(t, p.running)
				assert.Empty(t, sink.names())
				require.NoError(t, p.Flush(background))
				synctest.Wait()
				assert.False(t, p.running)
				assert.Zero(t, p.Stats().Held)
				giveMany(p, 3)
				synctest.Wait()
				assert.False(t, p.running)
				assert.Len(t, sink.names(), 5)
			}
		})
	}
}

func TestInlineSendsByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{}
		p := New(Config{Sink: sink, Mode: Inline})
		giveMany(p, 1)
		time.Sleep(6 * time.Second)
		assert.Empty(t, sink.names(), "nothing runs in between")
		giveMany(p, 1)
		assert.Len(t, sink.names(), 2)
	})
}

// FlushDue sends what Export would send, when no trace arrives.
func TestFlushDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{}
		p := New(Config{Sink: sink, Mode: Inline})
		require.NoError(t, p.FlushDue(context.Background()), "nothing is held")
		giveMany(p, 1)
		require.NoError(t, p.FlushDue(context.Background()))
		assert.Empty(t, sink.names(), "too young")
		time.Sleep(5 * time.Second)
		require.NoError(t, p.FlushDue(context.Background()))
		assert.Len(t, sink.names(), 1)

		giveMany(p, 1)
		time.Sleep(5 * time.Second)
		sink.does(fails)
		assert.Equal(t, errDown, p.FlushDue(context.Background()))
		assert.NoError(t, p.FlushDue(context.Background()), "not before the wait after a failure is over")
		assert.Equal(t, uint64(1), p.Stats().Held)

		p = New(Config{Sink: sink, Mode: Manual, Spans: 1})
		giveMany(p, 1)
		time.Sleep(5 * time.Second)
		require.NoError(t, p.FlushDue(context.Background()), "only Flush sends")
		require.NoError(t, (*Processor)(nil).FlushDue(context.Background()))
	})
}

// The waits after failures double up to the limit. At least half of each is certain.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		sink := &fakeSink{send: func(context.Context, [][]byte) Result {
			at = append(at, time.Now())
			return Result{Err: errDown}
		}}
		var told []string
		p := New(Config{Sink: sink, Spans: 1, Attempts: 9, OnError: func(err error) { told = append(told, err.Error()) }})
		giveMany(p, 1)
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Len(t, at, 9)
		limits := []time.Duration{1, 2, 4, 8, 16, 30, 30, 30}
		varied := false
		for i, limit := range limits {
			limit *= time.Second
			d := at[i+1].Sub(at[i])
			assert.LessOrEqual(t, d, limit)
			assert.GreaterOrEqual(t, d, limit/2)
			varied = varied || d != limit
		}
		assert.True(t, varied, "jitter")
		assert.Equal(t, []string{errDown.Error(), (&givenUp{errDown}).Error()}, told, "each once")
		assert.Equal(t, Stats{Given: 1, Dropped: 1, Flushes: 9, Failures: 9}, p.Stats())
		assert.False(t, p.running)
	})
}

// A successful Flush ends the wait of the goroutine after failures, also if something has arrived meanwhile.
func TestFlushEndsBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{send: fails}
		p := New(Config{Sink: sink, Spans: 1, Backoff: time.Hour, MaxBackoff: time.Hour})
		giveMany(p, 1)
		synctest.Wait()
		sink.does(func(_ context.Context, lines [][]byte) Result {
			sink.does(nil)
			_ = give(p, "meanwhile")
			return Result{Lines: len(lines)}
		})
		require.NoError(t, p.Flush(context.Background()))
		synctest.Wait()
		assert.Equal(t, []string{"0", "meanwhile"}, sink.names())
	})
}

// The limit of the waits also applies to the first.
func TestBackoffAboveItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{send: fails}
		p := New(Config{Sink: sink, Spans: 1, Attempts: 2, Backoff: 1000 * time.Hour})
		giveMany(p, 1)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		assert.Equal(t, uint64(2), p.Stats().Flushes)
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{send: func(context.Context, [][]byte) Result { return Result{RetryAfter: 2 * time.Minute, Err: errDown} }}
		p := New(Config{Sink: sink, Spans: 1})
		giveMany(p, 1)
		synctest.Wait()
		sink.does(nil)
		time.Sleep(2*time.Minute - 1)
		synctest.Wait()
		assert.Empty(t, sink.names())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.Len(t, sink.names(), 1)
	})
}

func TestExportDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{send: func(ctx context.Context, _ [][]byte) Result { <-ctx.Done(); return Result{Err: ctx.Err()} }}
		p := New(Config{Sink: sink, Spans: 1, Attempts: 1, Timeout: 7 * time.Second})
		began := time.Now()
		giveMany(p, 5)
		assert.Zero(t, time.Since(began))
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		require.ErrorIs(t, p.Flush(ctx), context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(began))
		time.Sleep(time.Minute)
		synctest.Wait()
		assertBalanced(t, p)
		assert.Equal(t, uint64(5), p.Stats().Dropped)
	})
}

func TestInlineExportDoesNotWaitForAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{send: func(_ context.Context, lines [][]byte) Result {
			time.Sleep(5 * time.Second)
			return Result{Lines: len(lines)}
		}}
		p := New(Config{Sink: sink, Mode: Inline, Spans: 1})
		go giveMany(p, 1)
		synctest.Wait()
		began := time.Now()
		giveMany(p, 3)
		assert.Zero(t, time.Since(began))
		time.Sleep(6 * time.Second)
		require.NoError(t, p.Shutdown(background))
		assert.Len(t, sink.names(), 4)
	})
}

func TestShutdownEndsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left over
		p := New(Config{Sink: &fakeSink{send: fails}, Store: &fakeStore{}, Age: time.Hour})
		giveMany(p, 3)
		require.Error(t, p.Shutdown(background))
		assert.Equal(t, uint64(3), p.Stats().Held, "left to the store")
	})
}
