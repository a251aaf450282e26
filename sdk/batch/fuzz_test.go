package batch

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzAccounts runs random sequences of exports, flushes, failures, crashes and stores that refuse lines. After each step,
// every span is accounted for. No span arrives that was not given. With a store, a crash loses no span. No span arrives twice,
// except those that a store could not clear before a crash.
func FuzzAccounts(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Add([]byte{0, 0, 0, 0x21, 0, 5, 0x31, 0, 6, 3, 4, 4, 4, 0, 7, 3})
	f.Add([]byte("00000000Z\x857%7,")) // sent lines come after unsent ones, and the store has no room to move those
	f.Fuzz(accounts)
}

func accounts(t *testing.T, programme []byte) {
	if len(programme) > 300 {
		return
	}
	sink, store := &fakeSink{}, &fakeStore{}
	config := Config{Sink: sink, Store: store, Mode: Manual, MaxSpans: 40, Attempts: 4}
	if len(programme)%3 == 0 {
		config.Mode, config.Spans, config.Backoff, config.MaxBackoff = Inline, 7, 1, 1
	}
	p := New(config)
	var sent, dropped uint64 // by processors that have crashed
	var again uint64         // of these, those that are still in the store
	twice := map[string]bool{}
	given := 0
	for _, op := range programme {
		arg := int(op >> 4)
		switch op & 15 {
		case 0, 1, 2:
			names := make([]string, 1+arg)
			for i := range names {
				names[i] = strconv.Itoa(given)
				given++
			}
			_ = give(p, names...)
		case 3:
			sink.does(nil)
		case 4:
			sink.does(fails)
		case 5:
			sink.does(func(context.Context, [][]byte) Result { return Result{Lines: arg & 3, Untried: arg >> 2, Err: errDown} })
		case 6:
			sink.does(func(context.Context, [][]byte) Result { panic(arg) })
		case 7, 8, 9:
			_ = p.Flush(background)
		case 10:
			store.refuses = func() error { return errors.New("full") }
		case 11:
			store.refuses = nil
		case 12: // a crash, and a new process
			rest(t, p)
			s := p.Stats()
			sent += s.Sent
			dropped += s.Dropped
			inMemory := 0
			for _, it := range p.items {
				if !it.stored {
					inMemory += it.spans
				}
			}
			dropped += uint64(inMemory)
			for _, it := range p.keeper.order {
				if it.gone {
					again += uint64(it.spans)
				}
			}
			gone := sink.names()
			for _, line := range store.kept() {
				for _, name := range strings.Fields(line) {
					twice[name] = twice[name] || slices.Contains(gone, name)
				}
			}
			p = New(config)
		case 13:
			if arg == 0 {
				_ = p.Shutdown(background)
			}
		}
		assertBalanced(t, p)
	}
	s := p.Stats()
	left := s.Held // and what the store has beyond that
	for _, it := range p.keeper.parked {
		left += uint64(it.spans)
	}
	require.Equal(t, uint64(given)+again, sent+s.Sent+dropped+s.Dropped+left)
	seen := map[string]bool{}
	for _, name := range sink.names() {
		require.False(t, seen[name] && !twice[name], "span %s arrived twice", name)
		seen[name] = true
	}
	require.Len(t, sink.names(), int(sent+s.Sent))
}

// With many goroutines, a sink that fails at random, and flushes in between, the sums are right.
func TestConcurrency(t *testing.T) {
	for _, mode := range []Mode{Background, Inline, Manual} {
		sink := &fakeSink{send: func(_ context.Context, lines [][]byte) Result {
			switch rand.IntN(4) {
			case 0:
				return Result{Err: errDown}
			case 1:
				return Result{Lines: rand.IntN(len(lines) + 1), Err: errDown}
			case 2:
				panic("send")
			}
			return Result{Lines: len(lines)}
		}}
		p := New(Config{Sink: sink, Mode: mode, Spans: 10, Age: time.Millisecond, Attempts: 3, MaxSpans: 200, Backoff: time.Microsecond, MaxBackoff: time.Millisecond})
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for i := range 300 {
					_ = give(p, strconv.Itoa(g)+"/"+strconv.Itoa(i))
					if i%50 == g {
						_ = p.Flush(background)
					}
					p.Stats()
				}
			}()
		}
		wg.Wait()
		sink.does(nil)
		_ = p.Shutdown(background)
		s := p.Stats()
		assertBalanced(t, p)
		assert.Equal(t, uint64(2400), s.Given)
		assert.Zero(t, s.Held)
		seen := map[string]bool{}
		for _, name := range sink.names() {
			assert.False(t, seen[name], name)
			seen[name] = true
		}
		assert.Len(t, seen, int(s.Sent))
		t.Logf("mode %d: %+v", mode, s)
	}
}
