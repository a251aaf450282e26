package wasi_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/sdk/batch"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/wasi"
)

var background = context.Background()

// receiver is the server. It records the names of the spans that it gets, or refuses them.
type receiver struct {
	mu    sync.Mutex
	names map[string]int
	fail  error
	posts int
	after int // fails from this request on; 0 means never
}

func (r *receiver) Post(_ context.Context, req *otlphttp.Request) (otlphttp.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.posts++
	if r.fail != nil || r.after > 0 && r.posts > r.after {
		return otlphttp.Response{}, errors.Join(r.fail, errors.New("down"))
	}
	batches, err := otlp.Decode(req.Body)
	if err != nil {
		return otlphttp.Response{Status: 400}, nil
	}
	if r.names == nil {
		r.names = map[string]int{}
	}
	for _, b := range batches {
		for i := range b.Spans {
			r.names[b.Spans[i].Name]++
		}
	}
	return otlphttp.Response{Status: 200, ContentType: "application/json", Body: []byte("{}")}, nil
}

func (r *receiver) sink(maxBody int) batch.Sink {
	return otlphttp.New(otlphttp.Config{URL: "http://collector", Transport: r, MaxBody: maxBody})
}

func path(t *testing.T) string { return filepath.Join(t.TempDir(), "spans.jsonl") }

// errorsOf collects the errors that a provider reports.
type errorsOf struct {
	mu  sync.Mutex
	all []string
}

func (e *errorsOf) add(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, err.Error())
}

func provider(f *wasi.File) (*trace.TracerProvider, *errorsOf) {
	e := new(errorsOf)
	return trace.NewTracerProvider(trace.Config{ServiceName: "test", Exporter: f, OnError: e.add}), e
}

func span(tp *trace.TracerProvider, name string) {
	_, s := tp.Start(background, name, trace.StartConfig{})
	s.End()
}

func files(t *testing.T, name string) (names []string) {
	entries, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAppendAndFlush(t *testing.T) {
	name, r := path(t), new(receiver)
	f := wasi.Open(name, wasi.Config{Sink: r.sink(0)})
	tp, reported := provider(f)
	for i := range 3 {
		span(tp, strconv.Itoa(i))
	}
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, 3, bytes.Count(data, []byte("\n")))
	assert.True(t, bytes.HasSuffix(data, []byte("}\n")))

	require.NoError(t, tp.Flush(background))
	assert.Equal(t, map[string]int{"0": 1, "1": 1, "2": 1}, r.names)
	assert.Empty(t, files(t, name), "what was sent is removed")
	require.NoError(t, tp.Flush(background), "the file is empty")
	assert.Equal(t, 1, r.posts)

	s := f.Stats()
	assert.Equal(t, wasi.Stats{Lines: 3, Bytes: uint64(len(data)), Spans: 3, SentSpans: 3}, s)
	assert.Empty(t, reported.all)
}

func TestFlushWithoutASink(t *testing.T) {
	f := wasi.Open(path(t))
	require.ErrorContains(t, f.Flush(background), "Config.Sink is not set")
}

func TestFlushWithoutAFile(t *testing.T) {
	f := wasi.Open(filepath.Join(t.TempDir(), "no such folder", "x"), wasi.Config{Sink: new(receiver).sink(0)})
	require.NoError(t, f.Flush(background))
}

func TestReceiverDown(t *testing.T) {
	name, r := path(t), &receiver{fail: errors.New("no route")}
	f := wasi.Open(name, wasi.Config{Sink: r.sink(0)})
	tp, _ := provider(f)
	span(tp, "a")
	require.Error(t, f.Flush(background))
	span(tp, "b")
	require.Error(t, f.Flush(background))
	r.fail = nil
	require.NoError(t, f.Flush(background))
	assert.Equal(t, map[string]int{"a": 1, "b": 1}, r.names, "each once: a request that has failed has sent nothing")
	assert.Empty(t, files(t, name))
}

// Each Flush sends the oldest part first, even if the receiver has taken none or only some of its lines before.
func TestOrderIsKeptAfterAFailure(t *testing.T) {
	name := path(t)
	var sent []string
	room := 0 // the number of spans that the receiver will still accept
	sink := orderedSink{new(receiver).sink(0), func(line string) bool {
		if room == 0 {
			return false
		}
		room--
		sent = append(sent, line)
		return true
	}}
	f := wasi.Open(name, wasi.Config{Sink: sink, MaxFileSize: lineLength(t) + 1}) // two lines are a part
	tp, _ := provider(f)
	for i := range 4 {
		span(tp, "s"+strconv.Itoa(i))
		span(tp, "t"+strconv.Itoa(i))
	}
	require.Len(t, files(t, name), 4)
	for room = 3; room > 0; {
		require.Error(t, f.Flush(background)) // s0, t0 and s1
	}
	require.Error(t, f.Flush(background))
	room = 5
	require.NoError(t, f.Flush(background))
	assert.Equal(t, []string{"s0", "t0", "s1", "t1", "s2", "t2", "s3", "t3"}, sent)
	assert.Empty(t, files(t, name))
}

// lineLength returns the length of the line of a span with a name of two characters.
func lineLength(t *testing.T) int64 {
	name := path(t)
	tp, _ := provider(wasi.Open(name))
	span(tp, "s0")
	info, err := os.Stat(name)
	require.NoError(t, err)
	return info.Size()
}

// While the receiver is down, it makes no difference to what is kept whether a Flush tries to send it from time to time.
func TestFlushWhileTheReceiverIsDownTakesNoRoom(t *testing.T) {
	kept := func(flush bool) (names []string, spans uint64) {
		name, r := path(t), &receiver{fail: errors.New("no route")}
		f := wasi.Open(name, wasi.Config{Sink: r.sink(0), MaxFileSize: 10 * lineLength(t), MaxParts: 3})
		tp, _ := provider(f)
		for range 100 {
			span(tp, "sp")
			if flush {
				require.Error(t, f.Flush(background))
			}
		}
		names = files(t, name)
		r.fail = nil
		require.NoError(t, f.Flush(background))
		assert.Empty(t, files(t, name), "one Flush sends all of it")
		assert.Equal(t, int(f.Stats().Spans), r.names["sp"])
		return names, f.Stats().Spans
	}
	names, spans := kept(false)
	assert.Len(t, names, 4)
	assert.Equal(t, uint64(40), spans)
	names, spans = kept(true)
	assert.Len(t, names, 4)
	assert.GreaterOrEqual(t, spans, uint64(31), "the first Flush has made a part of one line")
}

// A Flush that dies leaves a part behind. However many do, the parts are not more than MaxParts.
func TestFlushesThatDieTakeNoRoom(t *testing.T) {
	name, r := path(t), new(receiver)
	for range 5 {
		dies := wasi.Open(name, wasi.Config{Sink: dead{r.sink(0)}, MaxParts: 3, Lease: time.Hour})
		tp, _ := provider(dies)
		span(tp, "a")
		var flush sync.WaitGroup
		flush.Add(1)
		go func() {
			defer flush.Done()
			_ = dies.Flush(background)
		}()
		flush.Wait()
	}
	assert.Len(t, files(t, name), 4)
	require.NoError(t, wasi.Open(name, wasi.Config{Sink: r.sink(0), Lease: time.Nanosecond}).Flush(background))
	assert.Equal(t, map[string]int{"a": 5}, r.names)
}

// dead ends the goroutine that sends, so that nothing is done after it.
type dead struct{ batch.Sink }

func (dead) Send(context.Context, [][]byte) batch.Result {
	runtime.Goexit()
	return batch.Result{}
}

// orderedSink asks for each line whether it is accepted.
type orderedSink struct {
	batch.Sink
	take func(name string) bool
}

func (s orderedSink) Send(_ context.Context, lines [][]byte) (r batch.Result) {
	for _, line := range lines {
		batches, _ := otlp.Decode(line)
		if !s.take(batches[0].Spans[0].Name) {
			r.Err = errors.New("down")
			return r
		}
		r.Lines++
	}
	return r
}

func TestOnlyWhatWasSentIsCleared(t *testing.T) {
	name, r := path(t), &receiver{after: 1}
	f := wasi.Open(name, wasi.Config{Sink: r.sink(1)}) // one line per body
	tp, _ := provider(f)
	for i := range 3 {
		span(tp, strconv.Itoa(i))
	}
	require.Error(t, f.Flush(background))
	assert.Equal(t, map[string]int{"0": 1}, r.names)
	left := files(t, name)
	require.Len(t, left, 1)
	data, err := os.ReadFile(filepath.Join(filepath.Dir(name), left[0]))
	require.NoError(t, err)
	assert.Equal(t, 2, bytes.Count(data, []byte("\n")))
	assert.Equal(t, uint64(1), f.Stats().SentSpans)

	r.after = 0
	require.NoError(t, f.Flush(background))
	assert.Equal(t, map[string]int{"0": 1, "1": 1, "2": 1}, r.names)
	assert.Empty(t, files(t, name))
}

func TestTornLines(t *testing.T) {
	for _, torn := range []string{`{"resourceSpans":[{"resou`, "\x00\xff", `{}`, `[]`, "text\nmore text"} {
		name, r := path(t), new(receiver)
		f := wasi.Open(name, wasi.Config{Sink: r.sink(0)})
		tp, _ := provider(f)
		span(tp, "before")
		file, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = file.WriteString(torn)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		span(tp, "after")
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Contains(t, string(data), torn+"\n{", "a reader of the file finds the line")
		require.NoError(t, f.Flush(background))
		assert.Equal(t, map[string]int{"before": 1, "after": 1}, r.names)
		assert.Equal(t, uint64(1+strings.Count(torn, "\n")), f.Stats().TornLines)
		assert.Empty(t, files(t, name))
	}
}

// If a process dies while it writes a line and another one is about to write, no newline separates the two lines.
func TestATornLineJoinedToAWholeOne(t *testing.T) {
	name, r := path(t), new(receiver)
	f := wasi.Open(name, wasi.Config{Sink: r.sink(0)})
	tp, _ := provider(f)
	span(tp, "before")
	span(tp, `whole {"resourceSpans":[`)
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	end := bytes.IndexByte(data, '\n') + 1
	before, whole := data[:end], data[end:]
	for cut := 1; cut < len(before)-1; cut++ {
		r.names = nil
		joined := bytes.Join([][]byte{before, before[:cut], before[:cut/2], whole}, nil)
		require.NoError(t, os.WriteFile(name, joined, 0o600))
		require.NoError(t, f.Flush(background))
		require.Equal(t, map[string]int{"before": 1, `whole {"resourceSpans":[`: 1}, r.names, "%s", joined)
		require.Equal(t, uint64(cut), f.Stats().TornLines)
	}
}

func TestRotation(t *testing.T) {
	name, r := path(t), new(receiver)
	f := wasi.Open(name, wasi.Config{Sink: r.sink(0), MaxFileSize: 1000, MaxParts: 2})
	tp, reported := provider(f)
	for i := range 50 {
		span(tp, strconv.Itoa(i))
	}
	s := f.Stats()
	assert.Len(t, files(t, name), 3)
	assert.Equal(t, uint64(50), s.Spans+s.DroppedSpans)
	assert.Positive(t, s.DroppedSpans)
	assert.Zero(t, s.Repeated, "each line went to one file")
	require.Len(t, reported.all, 1, "said once")
	assert.Contains(t, reported.all[0], "MaxParts")

	require.NoError(t, f.Flush(background))
	assert.Len(t, r.names, int(s.Spans))
	span(tp, "room again")
	assert.Equal(t, s.Spans+1, f.Stats().Spans)
}

// If the file cannot be renamed, the error is reported once, although each attempt uses a new name for the part.
func TestAFileThatCannotBeRenamedIsReportedOnce(t *testing.T) {
	f := wasi.Open(filepath.Join(t.TempDir(), strings.Repeat("x", 240)), wasi.Config{MaxFileSize: 1}) // the name of a part would exceed the maximum length of a file name
	tp, reported := provider(f)
	for range 3 {
		span(tp, "a")
	}
	assert.Len(t, reported.all, 1)
	assert.Equal(t, uint64(2), f.Stats().DroppedSpans)
}

func TestPartOfADeadFlushIsSent(t *testing.T) {
	name, r := path(t), new(receiver)
	f := wasi.Open(name, wasi.Config{Sink: r.sink(0), Lease: time.Hour})
	tp, _ := provider(f)
	span(tp, "a")
	stamp := strconv.FormatInt(time.Now().UnixNano(), 16)
	require.NoError(t, os.Rename(name, name+"."+stamp+"-x.sending"))
	require.NoError(t, f.Flush(background))
	assert.Empty(t, r.names, "another Flush is sending it")

	require.NoError(t, wasi.Open(name, wasi.Config{Sink: r.sink(0), Lease: time.Nanosecond}).Flush(background))
	assert.Equal(t, map[string]int{"a": 1}, r.names)
	assert.Empty(t, files(t, name))
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	name, r := path(t), new(receiver)
	for _, other := range []string{".bak", ".x.part", ".x-y.rest", ".part"} {
		require.NoError(t, os.WriteFile(name+other, []byte("mine"), 0o600))
	}
	require.NoError(t, os.Mkdir(name+".1-y.part", 0o700))
	require.NoError(t, wasi.Open(name, wasi.Config{Sink: r.sink(0)}).Flush(background))
	assert.Len(t, files(t, name), 5)
}

// A part that cannot be read is an error, and holds up no other.
func TestAPartThatCannotBeRead(t *testing.T) {
	name, r := path(t), new(receiver)
	if err := os.Symlink(t.TempDir(), name+".1-x.part"); err != nil {
		t.Skip(err)
	}
	f := wasi.Open(name, wasi.Config{Sink: r.sink(0)})
	tp, _ := provider(f)
	for range 2 { // it is not taken for one that another Flush has claimed
		span(tp, "a")
		require.Error(t, f.Flush(background))
	}
	assert.Equal(t, map[string]int{"a": 2}, r.names)
	assert.Len(t, files(t, name), 1)
}

// The .rest file of a process that has died is removed. One that is being written is not.
func TestAnOrphanedRestFileIsRemoved(t *testing.T) {
	name, r := path(t), new(receiver)
	young := name + "." + strconv.FormatInt(time.Now().UnixNano(), 16) + "-y.rest"
	for _, rest := range []string{name + ".18a0000000000000-x.rest", young} {
		require.NoError(t, os.WriteFile(rest, make([]byte, 1000), 0o600))
	}
	require.NoError(t, wasi.Open(name, wasi.Config{Sink: r.sink(0), Lease: time.Hour}).Flush(background))
	assert.Equal(t, []string{filepath.Base(young)}, files(t, name))
}

// A folder that has the file's name is not moved.
func TestAFolderIsNotMoved(t *testing.T) {
	name, r := path(t), new(receiver)
	require.NoError(t, os.MkdirAll(filepath.Join(name, "sub"), 0o700))
	f := wasi.Open(name, wasi.Config{Sink: r.sink(0)})
	tp, reported := provider(f)
	span(tp, "a")
	assert.Len(t, reported.all, 1)
	for range 2 {
		require.ErrorContains(t, f.Flush(background), "names a folder")
	}
	assert.Equal(t, []string{filepath.Base(name)}, files(t, name))
}

func TestBadPaths(t *testing.T) {
	folder := t.TempDir()
	plain := filepath.Join(folder, "plain")
	require.NoError(t, os.WriteFile(plain, nil, 0o600))
	for _, name := range []string{"", folder + "/", folder, filepath.Join(folder, "none", "x"), filepath.Join(plain, "x"), "/dev/full"} {
		f := wasi.Open(name)
		tp, reported := provider(f)
		span(tp, "a")
		span(tp, "b")
		assert.Equal(t, uint64(2), f.Stats().DroppedSpans, name)
		assert.Len(t, reported.all, 1, "%s: said once", name)
	}
}

type panics struct{ batch.Sink }

func (panics) Send(context.Context, [][]byte) batch.Result { panic("boom") }

type lazy struct{ batch.Sink }

func (lazy) Send(context.Context, [][]byte) batch.Result { return batch.Result{} }

type counts struct{ batch.Sink }

func (counts) Count([]byte) int { panic("boom") }

// says is a Sink that returns a given result.
type says struct {
	batch.Sink
	result batch.Result
}

func (s says) Send(context.Context, [][]byte) batch.Result { return s.result }

func TestNonsenseResults(t *testing.T) {
	for _, c := range []struct {
		result         batch.Result
		sent, rejected uint64
		left           int
	}{
		{batch.Result{Lines: 3}, 2, 0, 0},
		{batch.Result{Lines: -1, Rejected: 7, Err: errors.New("down")}, 0, 0, 1},
		{batch.Result{Lines: 2, Rejected: 100}, 0, 2, 0},
		{batch.Result{Lines: 1, Rejected: -100}, 1, 0, 1},
	} {
		name := path(t)
		f := wasi.Open(name, wasi.Config{Sink: says{new(receiver).sink(0), c.result}})
		tp, _ := provider(f)
		span(tp, "a")
		span(tp, "b")
		assert.Equal(t, c.left > 0, f.Flush(background) != nil)
		assert.Len(t, files(t, name), c.left)
		assert.Equal(t, c.sent, f.Stats().SentSpans)
		assert.Equal(t, c.rejected, f.Stats().RejectedSpans)
	}
	name, r := path(t), new(receiver)
	f := wasi.Open(name, wasi.Config{Sink: counts{r.sink(0)}})
	tp, _ := provider(f)
	span(tp, "a")
	require.NoError(t, f.Flush(background))
	assert.Equal(t, map[string]int{"a": 1}, r.names, "nothing is thrown away for a panic in Count")

	f = nil
	require.NoError(t, f.Export(background, &trace.Batch{Spans: make([]trace.SpanData, 1)}))
	require.NoError(t, f.Flush(background))
	assert.Zero(t, f.Stats())
}

// If the receiver warns or rejects spans, Flush returns the error of the first such part, and all parts are removed.
func TestRefusedIsAnError(t *testing.T) {
	name := path(t)
	n := 0
	f := wasi.Open(name, wasi.Config{Sink: answers{new(receiver).sink(0), func(lines int) batch.Result {
		n++
		return batch.Result{Lines: lines, Rejected: 1, Err: errors.New("refused " + strconv.Itoa(n))}
	}}, MaxFileSize: 1})
	tp, _ := provider(f)
	for range 3 { // each becomes a part
		span(tp, "a")
	}
	require.EqualError(t, f.Flush(background), "refused 1")
	assert.Empty(t, files(t, name))
	assert.Equal(t, uint64(3), f.Stats().RejectedSpans)
	assert.Zero(t, f.Stats().SentSpans)
}

// answers is a Sink whose Send is a function.
type answers struct {
	batch.Sink
	f func(lines int) batch.Result
}

func (s answers) Send(_ context.Context, lines [][]byte) batch.Result { return s.f(len(lines)) }

// The buffer for an unusually large trace is not kept.
func TestBufferIsNotKept(t *testing.T) {
	f := wasi.Open(path(t))
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	huge := &trace.Batch{Spans: []trace.SpanData{{Name: "huge", Attributes: []trace.Attribute{trace.String("text", strings.Repeat("x", 32<<20))}}}}
	require.NoError(t, f.Export(background, huge))
	huge = nil
	assert.Less(t, heap()-before, int64(16<<20))
	assert.Equal(t, uint64(1), f.Stats().Lines)
}

func TestBadSinks(t *testing.T) {
	r := new(receiver)
	for _, sink := range []batch.Sink{panics{r.sink(0)}, lazy{r.sink(0)}} {
		name := path(t)
		f := wasi.Open(name, wasi.Config{Sink: sink})
		tp, _ := provider(f)
		span(tp, "a")
		require.Error(t, f.Flush(background))
		assert.Len(t, files(t, name), 1, "nothing is lost")
	}
}

func TestManyWritersOfOneFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be renamed") // docs/wasi.md
	}
	name, r := path(t), new(receiver)
	const writers, each = 4, 200
	config := wasi.Config{Sink: r.sink(0), MaxFileSize: 20_000, MaxParts: 1000}
	stop := make(chan struct{})
	var flushers, all sync.WaitGroup
	for range 2 {
		f := wasi.Open(name, config)
		flushers.Add(1)
		go func() {
			defer flushers.Done()
			for {
				select {
				case <-stop:
					return
				default:
					assert.NoError(t, f.Flush(background))
				}
			}
		}()
	}
	for w := range writers {
		f := wasi.Open(name, config)
		all.Add(1)
		go func() {
			defer all.Done()
			tp, reported := provider(f)
			for i := range each {
				span(tp, strconv.Itoa(w*each+i))
			}
			assert.Empty(t, reported.all)
			assert.Equal(t, uint64(each), f.Stats().Spans)
		}()
	}
	all.Wait()
	close(stop)
	flushers.Wait()
	require.NoError(t, wasi.Open(name, config).Flush(background))
	assert.Len(t, r.names, writers*each, "every span arrives")
	assert.Empty(t, files(t, name))
	twice := 0
	for _, n := range r.names {
		twice += n - 1
	}
	t.Logf("%d of %d spans came twice", twice, writers*each)
}
