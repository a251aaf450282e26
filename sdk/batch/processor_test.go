package batch

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

var background = context.Background()

func TestInlineSendsAtThreshold(t *testing.T) {
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Mode: Inline, Spans: 3})
	require.NoError(t, give(p, "a"))
	require.NoError(t, give(p, "b"))
	assert.Empty(t, sink.names())
	require.NoError(t, give(p, "c", "d"))
	assert.Equal(t, []string{"a", "b", "c", "d"}, sink.names())
	assert.Equal(t, 1, sink.calls, "one flush for all")
	assert.Equal(t, Stats{Given: 4, Sent: 4, Flushes: 1}, p.Stats())
}

// Traces are sent although the context of their request is done: the request has been answered.
func TestInlineSendsAfterTheRequest(t *testing.T) {
	type key struct{}
	sink := &fakeSink{send: func(ctx context.Context, lines [][]byte) Result {
		if ctx.Err() != nil || ctx.Value(key{}) != "value" {
			return Result{Err: errDown}
		}
		return Result{Lines: len(lines)}
	}}
	p := New(Config{Sink: sink, Mode: Inline, Spans: 1})
	ctx, cancel := context.WithCancel(context.WithValue(background, key{}, "value"))
	cancel()
	require.NoError(t, p.Export(ctx, &trace.Batch{Spans: []trace.SpanData{{Name: "a"}}}))
	assert.Equal(t, []string{"a"}, sink.names())
}

func TestDefaultThresholdIs100(t *testing.T) {
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Mode: Inline, Age: -1})
	giveMany(p, 99)
	assert.Zero(t, sink.calls)
	giveMany(p, 1)
	assert.Len(t, sink.names(), 100)
}

func TestManualSendsWhenAsked(t *testing.T) {
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Mode: Manual, Spans: 2})
	giveMany(p, 10)
	assert.Zero(t, sink.calls)
	require.NoError(t, p.Flush(background))
	assert.Len(t, sink.names(), 10)
	require.NoError(t, p.Flush(background))
	assert.Equal(t, 1, sink.calls, "nothing to send")
}

func TestFailedFlushKeepsSpans(t *testing.T) {
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Mode: Manual})
	giveMany(p, 3)
	require.ErrorIs(t, p.Flush(background), errDown)
	assert.Equal(t, uint64(3), p.Stats().Held)
	sink.does(nil)
	_ = give(p, "new")
	require.NoError(t, p.Flush(background))
	assert.Equal(t, []string{"new", "0", "1", "2"}, sink.names(), "lines that have not failed come first")
	assert.Equal(t, Stats{Given: 4, Sent: 4, Flushes: 2, Failures: 1}, p.Stats())
}

func TestPartOfFlushIsSettled(t *testing.T) {
	sink := &fakeSink{send: func(_ context.Context, lines [][]byte) Result {
		return Result{Lines: 2, Rejected: 1, Err: errDown}
	}}
	p := New(Config{Sink: sink, Mode: Manual})
	giveMany(p, 5)
	require.ErrorIs(t, p.Flush(background), errDown)
	assert.Equal(t, Stats{Given: 5, Sent: 1, Rejected: 1, Held: 3, Flushes: 1, Failures: 1}, p.Stats())
	sink.does(nil)
	require.NoError(t, p.Flush(background))
	assert.Equal(t, []string{"0", "1", "2", "3", "4"}, sink.names(), "no line twice")
}

func TestAttemptsAreLimited(t *testing.T) {
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Mode: Manual, Attempts: 3})
	_ = give(p, "old")
	_ = p.Flush(background)
	_ = give(p, "new")
	_ = p.Flush(background)
	err := p.Flush(background)
	require.ErrorIs(t, err, errDown)
	assert.ErrorContains(t, err, "dropped after Config.Attempts failures: down")
	assert.Equal(t, Stats{Given: 2, Dropped: 1, Held: 1, Flushes: 3, Failures: 3}, p.Stats(), "the new one has tries left")
	sink.does(nil)
	require.NoError(t, p.Flush(background))
	assert.Equal(t, []string{"new"}, sink.names())
}

func TestBounds(t *testing.T) {
	t.Run("spans", func(t *testing.T) {
		sink := &fakeSink{send: fails}
		p := New(Config{Sink: sink, Mode: Manual, MaxSpans: 5})
		var told []error
		p.config.OnError = func(err error) { told = append(told, err) }
		giveMany(p, 9)
		assert.Equal(t, Stats{Given: 9, Dropped: 4, Held: 5}, p.Stats())
		assert.Equal(t, []error{errFull}, told, "once")
	})
	t.Run("bytes", func(t *testing.T) {
		p := New(Config{Sink: &fakeSink{}, Mode: Manual, MaxBytes: 10})
		require.NoError(t, give(p, "0123456789"))
		require.ErrorIs(t, give(p, "x"), errFull)
		require.NoError(t, p.Flush(background))
		require.NoError(t, give(p, "x"))
		assert.Equal(t, Stats{Given: 3, Sent: 1, Dropped: 1, Held: 1, Flushes: 1}, p.Stats())
	})
}

// A trace with more spans than may be held uses the room that there is.
func TestTraceLargerThanMaxSpans(t *testing.T) {
	var told []error
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Mode: Manual, MaxSpans: 8, OnError: func(err error) { told = append(told, err) }})
	require.NoError(t, give(p, "a", "b", "c", "d", "e", "f", "g", "h", "i"))
	assert.Equal(t, Stats{Given: 9, Dropped: 1, Held: 8}, p.Stats())
	assert.Equal(t, []error{errFull}, told)
	require.NoError(t, p.Flush(background))
	assert.Equal(t, []string{"a", "b", "c", "d", "e", "f", "g", "h"}, sink.names())
}

// A line that is too large even if nothing is held has an error of its own.
func TestLineLargerThanMaxBytes(t *testing.T) {
	p := New(Config{Sink: &fakeSink{}, Mode: Manual, MaxBytes: 10})
	require.ErrorIs(t, give(p, "0123456789a"), errTooLarge)
	assert.Equal(t, Stats{Given: 1, Dropped: 1}, p.Stats())
	require.NoError(t, p.Shutdown(background))
	require.NoError(t, give(p, "0123456789a"), "too late, which is no error")
}

// picky is a Sink that does not encode spans with a name of one letter.
type picky struct{ lineSink }

func (s *picky) Encode(b *trace.Batch, add func(line []byte, spans int)) {
	s.lineSink.Encode(b, func(line []byte, spans int) {
		if len(line) > 1 {
			add(line, spans)
		}
	})
}

func TestNothingToExport(t *testing.T) {
	p := New(Config{Sink: &fakeSink{}, Mode: Manual})
	require.NoError(t, p.Export(background, nil))
	require.NoError(t, p.Export(background, &trace.Batch{}))
	assert.Zero(t, p.Stats())
}

// If a Sink makes no line of a trace, an error is reported, because no Send follows that could return the reason.
func TestWhatIsNotEncodedIsTold(t *testing.T) {
	var told []error
	p := New(Config{Sink: &picky{}, Mode: Manual, OnError: func(err error) { told = append(told, err) }})
	_ = give(p, "aa", "b")
	assert.Empty(t, told, "the Sink returns the reason")
	for range 3 {
		_ = give(p, "a")
	}
	assert.Equal(t, []error{errNotEncoded}, told, "once")
	assert.Equal(t, Stats{Given: 5, Dropped: 4, Held: 1}, p.Stats())
}

// Lines are sent before there is no room for the next trace.
func TestHalfOfMaxSpansMakesItSend(t *testing.T) {
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Mode: Inline, MaxSpans: 20})
	for range 10 {
		require.NoError(t, give(p, "a", "b", "c"))
	}
	assert.Equal(t, Stats{Given: 30, Sent: 24, Held: 6, Flushes: 2}, p.Stats())
}

// A processor that is full while the receiver is down sends when the receiver is back, although it cannot hold more meanwhile.
func TestFullInlineRecovers(t *testing.T) {
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Mode: Inline, MaxSpans: 5, Backoff: time.Nanosecond, MaxBackoff: time.Nanosecond})
	_ = give(p, "a", "b", "c", "d", "e")
	assert.Equal(t, uint64(5), p.Stats().Held)
	sink.does(nil)
	time.Sleep(time.Millisecond) // browsers' clocks are coarse
	giveMany(p, 1)
	assert.Equal(t, Stats{Given: 6, Sent: 5, Dropped: 1, Flushes: 2, Failures: 1}, p.Stats())
}

// A few large traces are also sent before there is no more room.
func TestBytesMakeItSend(t *testing.T) {
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Mode: Inline, MaxBytes: 1000})
	large := strings.Repeat("x", 100)
	for range 4 {
		require.NoError(t, give(p, large))
	}
	assert.Zero(t, sink.calls)
	for range 46 {
		require.NoError(t, give(p, large))
	}
	assert.Equal(t, Stats{Given: 50, Sent: 50, Flushes: 10}, p.Stats())
}

// lineSink makes a line of each span.
type lineSink struct{ fakeSink }

func (s *lineSink) Encode(b *trace.Batch, add func(line []byte, spans int)) {
	for i := range b.Spans {
		add([]byte(b.Spans[i].Name), 1)
	}
}

// One trace may cause two errors, and each is reported once.
func TestFullStoreAndFullProcessor(t *testing.T) {
	errDisk := errors.New("disk full")
	store := &fakeStore{refuses: func() error { return errDisk }}
	var told []error // first by the keeper, and then by Export
	p := New(Config{Sink: &lineSink{}, Store: store, Mode: Manual, MaxSpans: 1, OnError: func(err error) { told = append(told, err) }})
	require.NoError(t, give(p, "a", "b", "c"))
	assert.Equal(t, []error{errDisk, errFull}, told)
}

// Without OnError, each of two errors of one Export is returned, the second by the next Export.
func TestTwoErrorsOfOneExport(t *testing.T) {
	p := New(Config{Sink: &fakeSink{send: fails}, Mode: Inline, MaxSpans: 4, Backoff: time.Hour, MaxBackoff: time.Hour})
	require.ErrorIs(t, give(p, "a", "b", "c", "d", "e"), errFull)
	require.ErrorIs(t, give(p, "f"), errDown, "which is why")
	require.NoError(t, give(p, "g"))
}

func TestErrorIsToldOnce(t *testing.T) {
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Mode: Inline, Spans: 1, Backoff: time.Nanosecond, MaxBackoff: time.Nanosecond})
	require.ErrorIs(t, give(p, "a"), errDown)
	for range 5 {
		require.NoError(t, give(p, "b"), "it is known")
	}
	require.ErrorIs(t, p.Flush(background), errDown, "who asks gets an answer")
}

// That spans are dropped after too many attempts is reported once, and so is the reason, even if the two alternate.
func TestGivenUpIsToldOnce(t *testing.T) {
	var told []string
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Mode: Inline, Spans: 1, Attempts: 2, Backoff: time.Nanosecond, MaxBackoff: time.Nanosecond,
		OnError: func(err error) { told = append(told, err.Error()) }})
	for range 3 {
		_ = give(p, "a")
		time.Sleep(time.Millisecond)
		p.report(p.FlushDue(background))
		time.Sleep(time.Millisecond)
	}
	assert.Equal(t, []string{"down", "batch: spans are dropped after Config.Attempts failures: down"}, told)
	assert.Equal(t, Stats{Given: 3, Dropped: 3, Flushes: 6, Failures: 6}, p.Stats())
}

func TestEncodePanicIsToldOnce(t *testing.T) {
	var told []error
	p := New(Config{Sink: hostile{}, Mode: Manual, OnError: func(err error) { told = append(told, err) }})
	giveMany(p, 5)
	require.Len(t, told, 1)
	assert.EqualError(t, told[0], "batch: panic in Sink.Encode: encode")
	assert.Equal(t, Stats{Given: 5, Dropped: 5}, p.Stats())
}

// Very long times work like any other.
func TestLongTimes(t *testing.T) {
	t.Run("backoff", func(t *testing.T) {
		sink := &fakeSink{send: fails}
		p := New(Config{Sink: sink, Mode: Manual, MaxBackoff: math.MaxInt64, Attempts: -1})
		giveMany(p, 1)
		for range 80 { // doubling a second as often exceeds a Duration
			require.ErrorIs(t, p.Flush(background), errDown)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		assert.Greater(t, time.Until(p.notUntil), 100*365*24*time.Hour)
	})
	t.Run("timeout", func(t *testing.T) {
		sink := &fakeSink{}
		p := New(Config{Sink: sink, Mode: Inline, Spans: 1, Timeout: math.MaxInt64})
		giveMany(p, 2)
		assert.Len(t, sink.names(), 2)
	})
}

func TestShutdown(t *testing.T) {
	t.Run("sends", func(t *testing.T) {
		sink := &fakeSink{}
		p := New(Config{Sink: sink})
		giveMany(p, 3)
		require.NoError(t, p.Shutdown(background))
		assert.Len(t, sink.names(), 3)
		require.NoError(t, give(p, "late"), "a later trace is counted, and is no error")
		giveMany(p, 1)
		require.NoError(t, p.Shutdown(background))
		assert.Equal(t, Stats{Given: 5, Sent: 3, Dropped: 2, Flushes: 1}, p.Stats())
	})
	t.Run("ends with its context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		sink := &fakeSink{send: func(context.Context, [][]byte) Result {
			cancel()
			return Result{Lines: 1, Untried: 2, Err: errDown}
		}}
		p := New(Config{Sink: sink, Mode: Manual})
		giveMany(p, 3)
		require.Error(t, p.Shutdown(ctx))
		ctx, cancel = context.WithTimeout(background, 10*time.Second)
		defer cancel()
		require.NoError(t, p.Flush(ctx), "it does not send any more")
		assertBalanced(t, p)
		assert.Equal(t, 1, sink.calls)
	})
	t.Run("drops what is left", func(t *testing.T) {
		p := New(Config{Sink: &fakeSink{send: fails}, Mode: Manual})
		giveMany(p, 3)
		require.ErrorIs(t, p.Shutdown(background), errDown)
		assert.Equal(t, Stats{Given: 3, Dropped: 3, Flushes: 1, Failures: 1}, p.Stats())
	})
	t.Run("does not wait for a sink that hangs", func(t *testing.T) {
		release := make(chan struct{})
		sink := &fakeSink{send: func(_ context.Context, lines [][]byte) Result { <-release; return Result{Lines: len(lines)} }}
		p := New(Config{Sink: sink})
		giveMany(p, 3)
		ctx, cancel := context.WithTimeout(background, 20*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, p.Shutdown(ctx), context.DeadlineExceeded)
		assertBalanced(t, p)
		close(release)
		require.Eventually(t, func() bool { return p.Stats().Sent == 3 }, 10*time.Second, time.Millisecond)
		assertBalanced(t, p)
	})
}

// A program ends with TracerProvider.Shutdown. Flush would not do, because it respects the pause that a receiver asks for.
func TestProviderShutsDown(t *testing.T) {
	sink := &fakeSink{send: func(context.Context, [][]byte) Result { return Result{RetryAfter: time.Hour, Err: errDown} }}
	p := New(Config{Sink: sink, Mode: Inline, Spans: 1})
	tp := trace.NewTracerProvider(trace.Config{Exporter: p, OnError: func(error) {}})
	_, span := tp.Start(background, "work", trace.StartConfig{})
	span.End()
	require.ErrorIs(t, tp.Flush(background), errNotYet)
	sink.does(nil)
	require.NoError(t, tp.Shutdown(background))
	assert.Equal(t, []string{"work"}, sink.names())
}

// So it does if the caller has not waited for the answer.
func TestReceiverIsLeftAloneAfterTheCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(background)
	sink := &fakeSink{send: func(context.Context, [][]byte) Result {
		cancel()
		return Result{RetryAfter: time.Hour, Err: errDown}
	}}
	p := New(Config{Sink: sink, Mode: Manual})
	giveMany(p, 1)
	require.Error(t, p.Flush(ctx))
	require.ErrorIs(t, p.Flush(background), errNotYet)
}

func TestReceiverIsLeftAlone(t *testing.T) {
	sink := &fakeSink{send: func(context.Context, [][]byte) Result { return Result{RetryAfter: time.Hour, Err: errDown} }}
	p := New(Config{Sink: sink, Mode: Manual})
	giveMany(p, 1)
	require.ErrorIs(t, p.Flush(background), errDown)
	require.ErrorIs(t, p.Flush(background), errNotYet)
	assert.Equal(t, 1, sink.calls)
}

// hostile panics in every method.
type hostile struct{}

func (hostile) Encode(*trace.Batch, func([]byte, int)) { panic("encode") }
func (hostile) Count([]byte) int                       { panic("count") }
func (hostile) Send(context.Context, [][]byte) Result  { panic("send") }
func (hostile) Load() ([][]byte, error)                { panic("load") }
func (hostile) Append([]byte) error                    { panic("append") }
func (hostile) Clear(int) error                        { panic("clear") }

// nilError is an error that a function has returned as a nil pointer of its type.
type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

type uncounted struct{ fakeSink }

func (*uncounted) Count([]byte) int { panic("count") }

// boaster counts more spans of a trace than it has.
type boaster struct{ fakeSink }

func (*boaster) Encode(_ *trace.Batch, add func([]byte, int)) {
	add([]byte("none"), 0)
	add([]byte("less"), -7)
	add([]byte("first"), 1)
	add([]byte("second"), 99)
	add([]byte("third"), 1)
}

func TestNothingPanics(t *testing.T) {
	t.Run("nil", func(t *testing.T) {
		var p *Processor
		require.NoError(t, p.Export(background, &trace.Batch{Spans: make([]trace.SpanData, 1)}))
		require.NoError(t, p.Flush(background))
		require.NoError(t, p.Shutdown(background))
		assert.Zero(t, p.Stats())
		assert.Nil(t, p.DetectResource())
	})
	t.Run("no sink", func(t *testing.T) {
		p := New(Config{Store: &fakeStore{}})
		require.ErrorIs(t, give(p, "a"), errNoSink)
		require.NoError(t, give(p, "b", "c"), "once is enough")
		require.NoError(t, p.Flush(background))
		assert.Equal(t, Stats{Given: 3, Dropped: 3}, p.Stats())
		require.NoError(t, p.Shutdown(background))
	})
	t.Run("encode", func(t *testing.T) {
		p := New(Config{Sink: hostile{}, Store: hostile{}, Mode: Inline, OnError: func(error) { panic("told") }})
		require.NoError(t, give(p, "a"))
		require.NoError(t, p.Shutdown(background))
		assert.Equal(t, Stats{Given: 1, Dropped: 1, StoreErrors: 1}, p.Stats())
	})
	t.Run("send and store", func(t *testing.T) {
		sink := &fakeSink{send: hostile{}.Send}
		p := New(Config{Sink: sink, Store: hostile{}, Mode: Manual})
		require.ErrorContains(t, give(p, "a"), "panic in Store.Load: load")
		require.ErrorContains(t, p.Flush(background), "panic in Sink.Send: send")
		sink.does(nil)
		require.NoError(t, p.Flush(background))
		assert.Equal(t, Stats{Given: 1, Sent: 1, Flushes: 2, Failures: 1, StoreErrors: 2}, p.Stats())
	})
	t.Run("an error that is nil", func(t *testing.T) {
		sink := &fakeSink{send: func(context.Context, [][]byte) Result { return Result{Err: (*nilError)(nil)} }}
		p := New(Config{Sink: sink, Mode: Inline, Spans: 1, Attempts: 1})
		require.ErrorAs(t, give(p, "a"), new(*nilError))
		assert.Equal(t, Stats{Given: 1, Dropped: 1, Flushes: 1, Failures: 1}, p.Stats())
	})
	t.Run("count", func(t *testing.T) {
		sink := &uncounted{}
		p := New(Config{Sink: sink, Store: &fakeStore{lines: []string{"a"}}, Mode: Manual})
		require.NoError(t, p.Flush(background))
		assert.Equal(t, []string{"a"}, sink.names())
		assert.Equal(t, Stats{Loaded: 1, Sent: 1, Flushes: 1}, p.Stats())
	})
	t.Run("nonsense counts", func(t *testing.T) {
		sink := &boaster{}
		p := New(Config{Sink: sink, Mode: Manual})
		require.NoError(t, give(p, "a", "b", "c"))
		assert.Equal(t, Stats{Given: 3, Held: 3}, p.Stats())
		require.NoError(t, p.Flush(background))
		assert.Equal(t, Stats{Given: 3, Sent: 3, Flushes: 1}, p.Stats())
		assert.Equal(t, []string{"first", "second"}, sink.names())
	})
	t.Run("nonsense results", func(t *testing.T) {
		for _, r := range []Result{{Lines: -3}, {Lines: 99, Rejected: 99}, {Rejected: -1, RetryAfter: -time.Hour}, {Lines: 1, Rejected: 7}} {
			sink := &fakeSink{send: func(context.Context, [][]byte) Result { return r }}
			p := New(Config{Sink: sink, Mode: Manual})
			giveMany(p, 3)
			_ = p.Flush(background)
			assertBalanced(t, p)
			sink.does(nil)
			require.NoError(t, p.Flush(background))
			assertBalanced(t, p)
			assert.Zero(t, p.Stats().Held)
		}
	})
}

func TestStore(t *testing.T) {
	store := &fakeStore{lines: []string{"torn", "x y", "torn again", "z"}}
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Store: store, Mode: Manual})
	assert.Equal(t, Stats{Loaded: 3, Held: 3, Damaged: 2}, p.Stats())
	_ = give(p, "a")
	store.refuses = func() error { return errors.New("full") }
	require.ErrorContains(t, give(p, "b"), "full")
	store.refuses = nil
	_ = give(p, "c")
	assert.Equal(t, []string{"x y", "torn again", "z", "a", "c"}, store.kept())
	require.ErrorIs(t, p.Shutdown(background), errDown)
	assert.Equal(t, Stats{Given: 3, Loaded: 3, Dropped: 1, Held: 5, Flushes: 1, Failures: 1, StoreErrors: 1, Damaged: 2}, p.Stats(), "b was in memory alone")

	sink.does(func(_ context.Context, lines [][]byte) Result { return Result{Lines: 2, Err: errDown} })
	p = New(Config{Sink: sink, Store: store, Mode: Manual})
	require.ErrorIs(t, p.Flush(background), errDown)
	assert.Equal(t, []string{"a", "c"}, store.kept(), "the sent lines are cleared, and no others")
	sink.does(nil)
	require.NoError(t, p.Flush(background))
	assert.Empty(t, store.kept())
	assert.Equal(t, []string{"x", "y", "z", "a", "c"}, sink.names())
}

// A crash is simulated by a processor that is never shut down.
func TestStoreSurvivesCrash(t *testing.T) {
	store := &fakeStore{}
	giveMany(New(Config{Sink: &fakeSink{}, Store: store, Mode: Manual}), 3)
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Store: store, Mode: Manual})
	require.NoError(t, p.Flush(background))
	assert.Equal(t, []string{"0", "1", "2"}, sink.names())
	assert.Empty(t, store.kept())
}
