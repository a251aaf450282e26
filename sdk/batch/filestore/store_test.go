package filestore_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/batch/filestore"
	"github.com/edgespan/edgespan/sdk/trace"
)

var background = context.Background()

func path(t *testing.T) string { return filepath.Join(t.TempDir(), "spans.jsonl") }

func open(t *testing.T, name string) *filestore.Store {
	s := filestore.Open(name)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// load returns the lines of all files as text.
func load(t *testing.T, s *filestore.Store) (text []string) {
	t.Helper()
	for lines, err := s.Load(); ; lines, err = s.LoadMore() {
		require.NoError(t, err)
		for _, line := range lines {
			text = append(text, string(line))
		}
		if len(lines) == 0 {
			return text
		}
	}
}

func add(t *testing.T, s *filestore.Store, lines ...string) {
	t.Helper()
	for _, line := range lines {
		require.NoError(t, s.Append([]byte(line)))
	}
}

func TestQueue(t *testing.T) {
	for _, config := range []filestore.Config{{}, {Sync: true}} {
		name := path(t)
		s := filestore.Open(name, config)
		assert.Empty(t, load(t, s))
		add(t, s, "a", "b", "c")
		require.NoError(t, s.Clear(2))
		add(t, s, "d")
		require.NoError(t, s.Close())

		s = filestore.Open(name, config)
		assert.Equal(t, []string{"c", "d"}, load(t, s))
		require.NoError(t, s.Clear(1))
		require.NoError(t, s.Close())

		s = filestore.Open(name, config)
		assert.Equal(t, []string{"d"}, load(t, s))
		require.NoError(t, s.Clear(99))
		info, err := os.Stat(name)
		require.NoError(t, err)
		assert.Zero(t, info.Size(), "settled lines take no room")
		require.NoError(t, s.Close())
		assert.Empty(t, load(t, open(t, name)))
	}
}

func TestDamagedFiles(t *testing.T) {
	for text, want := range map[string][]string{
		"a\nb\n#1\nto":                     {"b", "to"},
		"a\nb\n#1\n#":                      {"b"},
		"a\nb\n#1\n#x":                     {"b"},
		"a\nb\n#1\n#-7\n":                  {"b"},
		"a\n#99\n":                         nil,
		"\n\n\x00\xff\n":                   {"\x00\xff"},
		"#99999999999999999999999999\nx\n": {"x"},
	} {
		name := path(t)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		s := open(t, name)
		assert.Equal(t, want, load(t, s), "%q", text)
		add(t, s, "new")
		require.NoError(t, s.Close())
		assert.Equal(t, append(want, "new"), load(t, open(t, name)), "%q", text)
	}
}

func TestFileStaysSmall(t *testing.T) {
	name := path(t)
	s := open(t, name)
	load(t, s)
	line := bytes.Repeat([]byte("x"), 10_000)
	require.NoError(t, s.Append(line))
	for i := range 1000 { // one line is always left, so the file is never emptied
		require.NoError(t, s.Append(append([]byte(strconv.Itoa(i)+" "), line...)))
		require.NoError(t, s.Clear(1))
		info, err := os.Stat(name)
		require.NoError(t, err)
		require.Less(t, info.Size(), int64(1<<20+30_000))
	}
	require.NoError(t, s.Close())
	left := load(t, open(t, name))
	require.Len(t, left, 1)
	assert.True(t, strings.HasPrefix(left[0], "999 "))
}

// A line without an end has one when the file is written anew.
func TestATornLineIsWrittenAnew(t *testing.T) {
	name := path(t)
	require.NoError(t, os.WriteFile(name, []byte(strings.Repeat("x", 1<<20)+"\ntorn"), 0o600))
	s := open(t, name)
	load(t, s)
	require.NoError(t, s.Clear(1))
	add(t, s, "new")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "torn\nnew\n", string(text))
}

// A process died while it wrote a file anew. That file is of no use.
func TestAnUnfinishedFileIsRemoved(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("without file locks, no file of another process is taken over")
	}
	name := path(t)
	for _, text := range []string{name, name + ".1"} {
		require.NoError(t, os.WriteFile(text, []byte("a\n"), 0o600))
		require.NoError(t, os.WriteFile(text+".new", []byte("a"), 0o600))
	}
	assert.Equal(t, []string{"a", "a"}, load(t, open(t, name)))
	assert.NoFileExists(t, name+".new")
	assert.NoFileExists(t, name+".1.new")
}

func TestBadPlaces(t *testing.T) {
	folder := t.TempDir()
	plain := filepath.Join(folder, "plain")
	require.NoError(t, os.WriteFile(plain, nil, 0o600))
	for _, name := range []string{"", folder + "/", filepath.Join(folder, "none", "x"), filepath.Join(plain, "x")} {
		s := filestore.Open(name)
		_, err := s.Load()
		require.Error(t, err, name)
		require.Error(t, s.Append([]byte("x")))
		require.Error(t, s.Clear(1))
		require.NoError(t, s.Close())
	}
	for _, name := range []string{".lock", filepath.Join(folder, ".lock")} {
		assert.NoFileExists(t, name, "nothing is left where nothing can be kept")
	}
	s := open(t, path(t))
	load(t, s)
	for _, line := range []string{"", "#1", "a\nb"} {
		require.ErrorContains(t, s.Append([]byte(line)), "filestore: a line")
	}
}

// sink appends the names of spans to a list, or fails.
type sink struct {
	down bool
	got  []string
}

func (s *sink) Encode(b *trace.Batch, add func([]byte, int)) {
	for i := range b.Spans {
		add([]byte(b.Spans[i].Name), 1)
	}
}
func (s *sink) Count(line []byte) int { return len(strings.Fields(string(line))) }
func (s *sink) Send(_ context.Context, lines [][]byte) batch.Result {
	if s.down {
		return batch.Result{Err: fmt.Errorf("down")}
	}
	for _, line := range lines {
		s.got = append(s.got, string(line))
	}
	return batch.Result{Lines: len(lines)}
}

// Spans that one processor could not send are sent by the next.
func TestBehindAProcessor(t *testing.T) {
	name := path(t)
	give := func(p *batch.Processor, span string) {
		require.NoError(t, p.Export(background, &trace.Batch{Spans: []trace.SpanData{{Name: span}}}))
	}
	var _ batch.PortionedStore = (*filestore.Store)(nil)
	store := filestore.Open(name)
	p := batch.New(batch.Config{Sink: &sink{down: true}, Store: store, Mode: batch.Manual})
	give(p, "a")
	give(p, "b")
	require.Error(t, p.Shutdown(background))
	assert.Equal(t, uint64(2), p.Stats().Held, "they are left to the store")
	require.NoError(t, store.Close())

	far := new(sink)
	p = batch.New(batch.Config{Sink: far, Store: open(t, name), Mode: batch.Manual})
	give(p, "c")
	require.NoError(t, p.Shutdown(background))
	assert.Equal(t, []string{"a", "b", "c"}, far.got)
	assert.Equal(t, batch.Stats{Given: 1, Loaded: 2, Sent: 3, Flushes: 1}, p.Stats())
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.Zero(t, info.Size())
}

// For an invalid path, the reason is reported, and its consequences are not.
func TestBadPlaceBehindAProcessor(t *testing.T) {
	var told []error
	store := filestore.Open(filepath.Join(t.TempDir(), "none", "x"))
	p := batch.New(batch.Config{Sink: new(sink), Store: store, Mode: batch.Manual, OnError: func(err error) { told = append(told, err) }})
	require.Len(t, told, 1)
	assert.ErrorIs(t, told[0], os.ErrNotExist)
	assert.Equal(t, batch.Stats{StoreErrors: 1}, p.Stats())
}

// Three processes have left more than one may hold. It loads the lines in portions and drops none.
func TestMoreThanFits(t *testing.T) {
	name := path(t)
	var living []*filestore.Store
	for k := range 3 {
		store := filestore.Open(name)
		p := batch.New(batch.Config{Sink: &sink{down: true}, Store: store, Mode: batch.Manual})
		for i := range 200 {
			require.NoError(t, p.Export(background, &trace.Batch{Spans: []trace.SpanData{{Name: fmt.Sprint(k, "/", i)}}}))
		}
		living = append(living, store)
	}
	for _, store := range living {
		require.NoError(t, store.Close())
	}
	far := new(sink)
	store := open(t, name)
	p := batch.New(batch.Config{Sink: far, Store: store, Mode: batch.Manual, MaxSpans: 120})
	assert.Equal(t, batch.Stats{Loaded: 120, Held: 120}, p.Stats())
	require.NoError(t, p.Flush(background))
	require.NoError(t, p.Shutdown(background))
	s := p.Stats()
	assert.Equal(t, batch.Stats{Loaded: 600, Sent: 600, Flushes: s.Flushes}, s)
	seen := map[string]bool{}
	for _, span := range far.got {
		seen[span] = true
	}
	assert.Len(t, seen, 600)
	require.NoError(t, store.Close())
	assert.Empty(t, load(t, open(t, name)))
}

// A Store that is loaded again after Close returns each line once.
func TestLoadAfterClose(t *testing.T) {
	name := path(t)
	s := open(t, name)
	for range 2 {
		_, err := s.Load()
		require.NoError(t, err)
		require.NoError(t, s.Append([]byte("a")))
		require.NoError(t, s.Close())
	}
	lines, err := s.Load()
	require.NoError(t, err)
	require.Len(t, lines, 2)
	require.NoError(t, s.Clear(2))
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Empty(t, data)
}
