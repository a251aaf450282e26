//go:build go1.25

package batch

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

// In these tests, time passes only when all goroutines wait. So what takes no time waits for nobody.

// hanging is a store whose methods wait for channels.
type hanging struct {
	fakeStore
	load, append, clear chan struct{}
}

func (s *hanging) Load() ([][]byte, error)  { <-s.load; return s.fakeStore.Load() }
func (s *hanging) Append(line []byte) error { <-s.append; return s.fakeStore.Append(line) }
func (s *hanging) Clear(n int) error        { <-s.clear; return s.fakeStore.Clear(n) }

// With a deadline that is far away, Shutdown waits for the whole pause that a receiver asks for, however long it is.
func TestShutdownWithAFarDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{send: func(context.Context, [][]byte) Result { return Result{RetryAfter: time.Second, Err: errDown} }}
		p := New(Config{Sink: sink, Mode: Manual})
		_ = give(p, "a")
		require.ErrorIs(t, p.Flush(background), errDown)
		sink.does(nil)
		ctx, cancel := context.WithTimeout(background, 50*365*24*time.Hour) // nine times as much does not fit into a Duration
		defer cancel()
		assert.Equal(t, time.Second, took(func() { require.NoError(t, p.Shutdown(ctx)) }))
		assert.Equal(t, Stats{Given: 1, Sent: 1, Flushes: 2, Failures: 1}, p.Stats())
	})
}

func took(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

// A store that hangs costs its first caller half a second, and later callers nothing. When it returns, it gets what is left.
func TestStoreThatHangs(t *testing.T) {
	for _, mode := range []Mode{Background, Inline, Manual} {
		synctest.Test(t, func(t *testing.T) {
			open := make(chan struct{})
			close(open)
			store := &hanging{load: open, append: make(chan struct{}), clear: open}
			sink := &fakeSink{send: fails}
			var told []error
			p := New(Config{Sink: sink, Store: store, Mode: mode, Attempts: -1, Spans: 1000, Age: -1, OnError: func(err error) { told = append(told, err) }})
			assert.Equal(t, patience, took(func() { _ = give(p, "a") }))
			assert.Equal(t, []error{errLate}, told)
			assert.Zero(t, took(func() { _ = give(p, "b"); p.Stats() }))
			assert.Zero(t, took(func() { assert.ErrorIs(t, p.Flush(background), errDown) }))
			assert.Equal(t, uint64(2), p.Stats().Held)

			close(store.append)
			rest(t, p)
			assert.Equal(t, []string{"a", "b"}, store.kept())
			require.NoError(t, give(p, "c"))
			assert.Equal(t, []string{"a", "b", "c"}, store.kept(), "it is waited for again")
			sink.does(nil)
			require.NoError(t, p.Shutdown(background))
			assert.Empty(t, store.kept())
			assertBalanced(t, p)
		})
	}
}

func TestShutdownWithStoreThatHangs(t *testing.T) {
	for name, store := range map[string]*hanging{"load": {}, "append": {load: make(chan struct{})}, "clear": {load: make(chan struct{}), append: make(chan struct{})}} {
		t.Run(name, func(t *testing.T) {
			for _, c := range []chan struct{}{store.load, store.append, store.clear} {
				if c != nil {
					close(c)
				}
			}
			if store.load == nil {
				store.load = make(chan struct{})
			}
			p := New(Config{Sink: &fakeSink{}, Store: store})
			_ = give(p, "a")
			ctx, cancel := context.WithTimeout(background, 50*time.Millisecond)
			defer cancel()
			done := make(chan struct{})
			go func() { _ = p.Shutdown(ctx); close(done) }()
			select {
			case <-done:
			case <-time.After(time.Minute):
				t.Fatal("it waits for the store")
			}
			require.Eventually(t, func() bool { return p.Stats().Sent == 1 }, time.Minute, time.Millisecond)
			assertBalanced(t, p)
		})
	}
}

// A line that is sent before the store has it is never stored, and is not kept in memory for the store.
func TestSentBeforeStored(t *testing.T) {
	open := make(chan struct{})
	close(open)
	store := &hanging{load: open, append: make(chan struct{}), clear: open}
	synctest.Test(t, func(t *testing.T) {
		p := New(Config{Sink: &fakeSink{}, Store: store, Mode: Manual})
		store.append = make(chan struct{}) // a channel of this test bubble
		for range 100 {
			giveMany(p, 10)
			require.NoError(t, p.Flush(background))
		}
		p.mu.Lock()
		assert.Empty(t, p.keeper.waiting)
		p.mu.Unlock()
		close(store.append)
		rest(t, p)
		assert.Empty(t, store.kept())
		assert.Equal(t, Stats{Given: 1000, Sent: 1000, Flushes: 100}, p.Stats())
	})
}

// A caller that waits for a store that hangs stops waiting when its line has been sent.
func TestSentWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &hanging{load: make(chan struct{}), append: make(chan struct{}), clear: make(chan struct{})}
		close(store.load)
		close(store.clear)
		p := New(Config{Sink: &fakeSink{}, Store: store, Spans: 2})
		go func() { _ = give(p, "a") }() // the store is about to get this line
		synctest.Wait()
		assert.Zero(t, took(func() { _ = give(p, "b") }))
		assert.Equal(t, uint64(2), p.Stats().Sent)
		close(store.append)
		require.NoError(t, p.Shutdown(background))
		assert.Empty(t, store.kept())
	})
}

// A sink that ignores its context does not keep its caller waiting.
func TestSinkThatHangs(t *testing.T) {
	for _, mode := range []Mode{Background, Inline, Manual} {
		synctest.Test(t, func(t *testing.T) {
			open := make(chan struct{})
			p := New(Config{Sink: &fakeSink{send: func(context.Context, [][]byte) Result { <-open; return Result{Err: errDown} }}, Mode: mode, Spans: 2})
			assert.Zero(t, took(func() { _ = give(p, "a") }))
			limit := time.Duration(0)
			if mode == Inline {
				limit = 10*time.Second + grace
			}
			assert.Equal(t, limit, took(func() { _ = give(p, "b") }))
			for _, f := range []func(context.Context) error{p.Flush, p.Shutdown, p.Shutdown} {
				ctx, cancel := context.WithTimeout(background, time.Second)
				assert.LessOrEqual(t, took(func() { assert.ErrorIs(t, f(ctx), context.DeadlineExceeded) }), time.Second)
				cancel()
			}
			close(open)
			synctest.Wait()
			assertBalanced(t, p)
			assert.Zero(t, p.Stats().Held)
		})
	}
}

// curious is a sink that calls its processor. It detects no resource.
type curious struct {
	fakeSink
	p *Processor
}

func (s *curious) Encode(b *trace.Batch, add func([]byte, int)) {
	s.p.Stats()
	s.fakeSink.Encode(b, add)
	_ = s.p.Flush(background)
}
func (s *curious) DetectResource() []trace.Attribute { panic("detect") }

func TestSinkThatAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if all goroutines wait for each other
		sink := &curious{}
		p := New(Config{Sink: sink, Mode: Manual})
		sink.p = p
		assert.Nil(t, p.DetectResource())
		require.NoError(t, give(p, "a"))
		assert.Equal(t, []string{"a"}, sink.names())
	})
}

// A caller that does not wait for a healthy receiver uses up no attempts.
func TestShortFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := &fakeSink{send: func(ctx context.Context, lines [][]byte) Result {
			select {
			case <-time.After(50 * time.Millisecond):
				return Result{Lines: len(lines)}
			case <-ctx.Done():
				return Result{Err: ctx.Err()}
			}
		}}
		p := New(Config{Sink: sink, Mode: Manual, Attempts: 3})
		giveMany(p, 5)
		for range 10 {
			ctx, cancel := context.WithTimeout(background, 5*time.Millisecond)
			require.ErrorIs(t, p.Flush(ctx), context.DeadlineExceeded)
			cancel()
			synctest.Wait()
		}
		assert.Equal(t, Stats{Given: 5, Held: 5, Flushes: 10, Failures: 10}, p.Stats())
		assert.True(t, p.notUntil.IsZero(), "no back-off either")
		dead, cancel := context.WithCancel(background)
		cancel()
		for range 40 {
			require.ErrorIs(t, p.Flush(dead), context.Canceled)
		}
		untried, err := p.round(dead, p.held()) // the caller has waited for its turn
		require.ErrorIs(t, err, context.Canceled)
		assert.Len(t, untried, 5)
		assert.Equal(t, 10, sink.calls, "nothing is tried for who is gone")
		require.NoError(t, p.Flush(background))
		assert.Len(t, sink.names(), 5)
	})
}

// If a receiver does not answer within Config.Timeout, that counts as a failure. The end of the caller's context does not.
func TestTimeoutCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Config{Sink: &fakeSink{send: func(ctx context.Context, _ [][]byte) Result { <-ctx.Done(); return Result{Err: ctx.Err()} }}, Mode: Manual, Attempts: 2})
		giveMany(p, 1)
		_ = p.Flush(background)
		require.ErrorIs(t, p.Flush(background), context.DeadlineExceeded)
		assert.Equal(t, uint64(1), p.Stats().Dropped)
	})
}

func TestShutdownWaitsForReceiver(t *testing.T) {
	retryAfter := func(d time.Duration) func(context.Context, [][]byte) Result {
		return func(context.Context, [][]byte) Result { return Result{RetryAfter: d, Err: errDown} }
	}
	for _, c := range []struct {
		name    string
		wants   time.Duration // how long a pause the receiver asks for
		timeout time.Duration // of Shutdown; none if zero
		store   Store
		took    time.Duration
		err     error
		calls   int
		sent    uint64
	}{
		{"there is time", time.Second, 10 * time.Second, nil, time.Second, nil, 2, 3},
		{"no deadline", 7 * time.Second, 0, nil, 7 * time.Second, nil, 2, 3},
		{"too long", time.Hour, 10 * time.Second, nil, 0, nil, 2, 3},
		{"too long, no deadline", time.Hour, 0, nil, 0, nil, 2, 3},
		{"too long, and there is a store", time.Hour, 10 * time.Second, &fakeStore{}, 0, errNotYet, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := &fakeSink{send: retryAfter(c.wants)}
				p := New(Config{Sink: sink, Mode: Manual, Store: c.store})
				giveMany(p, 3)
				require.ErrorIs(t, p.Flush(background), errDown)
				sink.does(nil)
				ctx := background
				if c.timeout > 0 {
					var cancel func()
					ctx, cancel = context.WithTimeout(ctx, c.timeout)
					defer cancel()
				}
				assert.Equal(t, c.took, took(func() { require.ErrorIs(t, p.Shutdown(ctx), c.err) }))
				assert.Equal(t, c.calls, sink.calls)
				assert.Equal(t, c.sent, p.Stats().Sent)
				assert.Zero(t, p.Stats().Dropped)
			})
		})
	}
}

func TestSecondShutdownWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(Config{Sink: &fakeSink{send: func(context.Context, [][]byte) Result { time.Sleep(time.Second); return Result{Err: errDown} }}})
		giveMany(p, 1)
		go func() { _ = p.Shutdown(background) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(background, time.Millisecond)
		defer cancel()
		require.ErrorIs(t, p.Shutdown(ctx), context.DeadlineExceeded)
		assert.Equal(t, time.Second-time.Millisecond, took(func() { require.ErrorIs(t, p.Shutdown(background), errDown) }))
		assert.Equal(t, uint64(1), p.Stats().Dropped)
	})
}

// A line that the receiver never accepts holds up no other line, and uses up no attempts of others.
func TestPoison(t *testing.T) {
	sink := &fakeSink{send: bodies(func(line string) bool { return line == "poison" })}
	store := &fakeStore{}
	p := New(Config{Sink: sink, Store: store, Mode: Manual})
	_ = give(p, "poison")
	giveMany(p, 50)
	require.ErrorContains(t, p.Flush(background), "503 for poison")
	assert.Empty(t, sink.names(), "it was the first")
	require.ErrorContains(t, p.Flush(background), "503 for poison")
	assert.Len(t, sink.names(), 50)
	assert.Equal(t, []string{"poison"}, store.kept(), "the store does not grow behind it")
	assert.Equal(t, 1, p.failures, "the receiver is there")
	for i := range 7 {
		_ = give(p, strconv.Itoa(i))
		require.Error(t, p.Flush(background))
	}
	assert.Equal(t, uint64(1), p.Stats().Held)
	require.ErrorContains(t, p.Flush(background), "dropped after Config.Attempts failures: 503")
	assert.Equal(t, Stats{Given: 58, Sent: 57, Dropped: 1, Flushes: 10, Failures: 10}, p.Stats())
	assert.Empty(t, store.kept())
}

// If a line cannot be moved to the end of the store, it stays where it is, and so do the settled lines after it.
func TestPoisonAndFullStore(t *testing.T) {
	sink := &fakeSink{send: bodies(func(line string) bool { return line == "poison" })}
	store := &fakeStore{}
	p := New(Config{Sink: sink, Store: store, Mode: Manual})
	_ = give(p, "poison")
	_ = give(p, "good")
	store.refuses = func() error { return errors.New("full") }
	for range 2 {
		require.Error(t, p.Flush(background))
	}
	assert.Equal(t, []string{"good"}, sink.names())
	assert.Equal(t, []string{"poison", "good"}, store.kept())
	require.Error(t, p.Shutdown(background))
	assert.Equal(t, uint64(1), p.Stats().Held, "left to the Store")
	assert.Zero(t, p.Stats().Dropped)
}

// A line that Shutdown has dropped while it was about to be sent is not sent.
func TestDroppedBeforeSent(t *testing.T) {
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Mode: Manual})
	giveMany(p, 2)
	items := p.held()
	dead, cancel := context.WithCancel(background)
	cancel()
	require.ErrorIs(t, p.Shutdown(dead), context.Canceled)
	untried, err := p.round(background, items)
	require.NoError(t, err)
	assert.Empty(t, untried)
	assert.Equal(t, Stats{Given: 2, Dropped: 2}, p.Stats())
	assert.Zero(t, sink.calls)
}

// Shutdown tries each line once, also if the first of them fails.
func TestShutdownTriesAll(t *testing.T) {
	sink := &fakeSink{send: bodies(func(line string) bool { return line == "bad" || line == "worse" })}
	p := New(Config{Sink: sink, Mode: Manual})
	for _, name := range []string{"bad", "a", "worse", "b"} {
		_ = give(p, name)
	}
	require.ErrorContains(t, p.Shutdown(background), "503 for bad")
	assert.Equal(t, []string{"a", "b"}, sink.names())
	assert.Equal(t, Stats{Given: 4, Sent: 2, Dropped: 2, Flushes: 3, Failures: 2}, p.Stats())
}
