package batch

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// takesAllButA returns the results of a Sink that fails with A, leaving the lines after it untried, and accepts one line at a
// time of the others.
func takesAllButA(again time.Duration) func(context.Context, [][]byte) Result {
	return func(_ context.Context, lines [][]byte) Result {
		if string(lines[0]) == "A" {
			return Result{Untried: len(lines) - 1, Err: errDown}
		}
		return Result{Lines: 1, Err: errDown, RetryAfter: again}
	}
}

type slowStore struct {
	fakeStore
	takes time.Duration
}

func (s *slowStore) Append(line []byte) error {
	time.Sleep(s.takes)
	return s.fakeStore.Append(line)
}

// Shutdown leaves lines that are being moved to the Store.
func TestShutdownWhileMoving(t *testing.T) {
	store, sink := &slowStore{}, &fakeSink{}
	p := New(Config{Sink: sink, Store: store, Mode: Manual})
	for _, line := range []string{"A", "B", "C"} {
		_ = give(p, line)
	}
	rest(t, p)
	store.takes = 300 * time.Millisecond
	sink.does(takesAllButA(time.Hour))
	require.Error(t, p.Flush(context.Background()))
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	require.Error(t, p.Shutdown(ctx))
	rest(t, p)
	require.Subset(t, store.kept(), []string{"A", "C"})
	require.Zero(t, p.Stats().Dropped)
}

// Only lines that are left are moved to the end of the store.
func TestMovedBehindSeveral(t *testing.T) {
	store, sink := &fakeStore{}, &fakeSink{send: fails}
	p := New(Config{Sink: sink, Store: store, Mode: Manual})
	_, _ = give(p, "A"), give(p, "B")
	require.ErrorIs(t, p.Flush(context.Background()), errDown)
	_, _ = give(p, "C"), give(p, "D")
	sink.does(func(context.Context, [][]byte) Result { return Result{Lines: 2, Err: errDown} }) // lines that have not failed come first
	require.ErrorIs(t, p.Flush(context.Background()), errDown)
	rest(t, p)
	require.Equal(t, []string{"C", "D"}, sink.names())
	require.Equal(t, []string{"A", "B"}, store.kept())
}

// A goroutine that has waited for its turn checks again whether the receiver wants a pause.
func TestBackgroundLearnsOfRetryAfter(t *testing.T) {
	sink := &fakeSink{}
	in, out := make(chan struct{}, 9), make(chan struct{})
	sink.does(func(context.Context, [][]byte) Result {
		in <- struct{}{}
		<-out
		return Result{Err: errDown, RetryAfter: time.Hour}
	})
	p := New(Config{Sink: sink, Spans: 2})
	_ = give(p, "A")
	flushed := make(chan error)
	go func() { flushed <- p.Flush(context.Background()) }()
	<-in
	_ = give(p, "B") // now there is enough to send, and another goroutine sends
	time.Sleep(20 * time.Millisecond)
	close(out)
	require.Error(t, <-flushed)
	time.Sleep(50 * time.Millisecond)
	require.Empty(t, in, "it has not sent again")
	require.Equal(t, uint64(1), p.Stats().Flushes)
}

// Lines that Shutdown has left in the Store belong to the next processor that opens it.
func TestFlushAfterShutdown(t *testing.T) {
	store, sink := &fakeStore{}, &fakeSink{}
	sink.does(fails)
	p := New(Config{Sink: sink, Store: store, Mode: Inline, Spans: 2})
	_ = give(p, "A")
	require.Error(t, p.Shutdown(context.Background()))
	calls := p.Stats().Flushes
	sink.does(nil)
	require.NoError(t, p.Flush(context.Background()))
	require.NoError(t, p.FlushDue(context.Background()))
	require.Equal(t, calls, p.Stats().Flushes)
	require.Equal(t, []string{"A"}, store.kept())
}

type hangingClear struct {
	fakeStore
	until chan struct{}
}

func (s *hangingClear) Clear(int) error { <-s.until; return nil }

// After sending, Export in Inline mode does not wait for a Store that hangs.
func TestInlineAndAStoreThatHangs(t *testing.T) {
	store := &hangingClear{until: make(chan struct{})}
	p := New(Config{Sink: &fakeSink{}, Store: store, Mode: Inline, Spans: 1, Timeout: time.Hour})
	returned := make(chan struct{})
	go func() {
		_ = give(p, "A")
		close(returned)
	}()
	select {
	case <-returned:
	case <-time.After(10 * time.Second):
		t.Error("Export still waits")
	}
	close(store.until)
	rest(t, p)
}
