package batch

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Lines of a store that exceed the limits are not dropped. They stay in the store.
func TestStoreWithMoreThanFits(t *testing.T) {
	store := &fakeStore{lines: []string{"a b", "torn", "c d", "e f"}}
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Store: store, Mode: Manual, MaxSpans: 4})
	assert.Equal(t, Stats{Loaded: 4, Held: 4, Damaged: 1}, p.Stats())
	require.ErrorIs(t, give(p, "new"), errFull)
	require.ErrorIs(t, p.Shutdown(background), errDown)
	assert.Equal(t, []string{"a b", "torn", "c d", "e f"}, store.kept(), "for the next one")

	sink.does(nil)
	p = New(Config{Sink: sink, Store: store, Mode: Manual, MaxSpans: 4})
	require.NoError(t, p.Flush(background))
	assert.Equal(t, Stats{Loaded: 6, Sent: 6, Flushes: 2, Damaged: 1}, p.Stats())
	assert.Equal(t, []string{"a", "b", "c", "d", "e", "f"}, sink.names())
	assert.Empty(t, store.kept())
}

// Lines that are sent meanwhile do not stay in the store after them.
func TestShutdownBeforeAllIsLoaded(t *testing.T) {
	store := &fakeStore{lines: []string{"a b", "c d", "e f"}}
	sink := &fakeSink{send: bodies(func(line string) bool { return line != "new" })}
	p := New(Config{Sink: sink, Store: store, Mode: Manual, MaxSpans: 5})
	_ = give(p, "new")
	for range 3 {
		require.Error(t, p.Flush(background))
	}
	assert.Equal(t, []string{"new"}, sink.names())
	assert.Equal(t, []string{"a b", "c d", "e f", "new"}, store.kept(), "the backlog is not written again and again")
	require.Error(t, p.Shutdown(background))
	assert.ElementsMatch(t, []string{"a b", "c d", "e f"}, store.kept())
}

// A line for which there will never be room holds up no other.
func TestLineThatNeverFits(t *testing.T) {
	store := &fakeStore{lines: []string{"a", "b c d e f", "g"}}
	sink := &fakeSink{}
	p := New(Config{Sink: sink, Store: store, Mode: Manual, MaxSpans: 4})
	require.NoError(t, p.Flush(background))
	assert.Equal(t, Stats{Loaded: 7, Sent: 2, Dropped: 5, Flushes: 2}, p.Stats())
	assert.Empty(t, store.kept())
}

// portioned returns two lines at a time.
type portioned struct {
	fakeStore
	left  [][]string
	calls int
	err   error
}

func (s *portioned) LoadMore() (lines [][]byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if len(s.left) == 0 {
		return nil, s.err
	}
	for _, line := range s.left[0] {
		lines = append(lines, []byte(line))
	}
	s.lines = append(s.lines, s.left[0]...)
	s.left = s.left[1:]
	return lines, nil
}

func TestPortions(t *testing.T) {
	store := &portioned{fakeStore: fakeStore{lines: []string{"0", "1"}}, err: errors.New("no more")}
	for i := 2; i < 20; i += 2 {
		store.left = append(store.left, []string{strconv.Itoa(i), strconv.Itoa(i + 1)})
	}
	sink := &fakeSink{send: fails}
	p := New(Config{Sink: sink, Store: store, Mode: Manual, MaxSpans: 3})
	assert.Equal(t, Stats{Loaded: 2, Held: 2}, p.Stats())
	require.ErrorIs(t, p.Flush(background), errDown)
	assert.Zero(t, store.calls, "nothing is loaded for which there is no room")
	_ = give(p, "new")

	sink.does(nil)
	require.ErrorIs(t, p.Flush(background), nil)
	rest(t, p)
	s := p.Stats()
	assert.Equal(t, uint64(20), s.Loaded)
	assert.Equal(t, uint64(21), s.Sent)
	assert.Zero(t, s.Dropped)
	assert.Equal(t, uint64(1), s.StoreErrors, "the end of it is the store's to tell")
	assert.Len(t, sink.names(), 21)
	assert.Empty(t, store.kept())
	calls := store.calls
	_ = give(p, "newer")
	require.NoError(t, p.Flush(background))
	assert.Equal(t, calls, store.calls, "it is at its end")
}
