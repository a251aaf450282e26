package view

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/inputs"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
)

// spanLine returns a line with one span. Parent 0 means none.
func spanLine(trace, span, parent int, name string) string {
	return fmt.Sprintf(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","parentSpanId":"%016x","name":%q,"startTimeUnixNano":"%d","endTimeUnixNano":"%d"}]}]}]}`,
		trace, span, parent, name, span, span+10)
}

// collect is an Output that records what it gets.
type collect struct {
	got chan string
	err error
}

func newCollect() *collect { return &collect{got: make(chan string, 100_000)} }

func (c *collect) Trace(t *traces.Trace) error {
	text := ""
	for _, r := range t.Rows() {
		text += strings.Repeat(".", r.Depth) + r.Span.Name
	}
	if t.Continued {
		text += " continued"
	}
	c.got <- text
	return c.err
}

func (c *collect) End() error {
	close(c.got)
	return nil
}

func (c *collect) all() (all []string) {
	for text := range c.got {
		all = append(all, text)
	}
	return all
}

func input(lines ...string) []inputs.Input {
	return []inputs.Input{{Name: "in", Reader: io.NopCloser(strings.NewReader(strings.Join(lines, "\n")))}}
}

func TestRunJoinsDistantLines(t *testing.T) {
	out := newCollect()
	tally, err := Run(context.Background(), Config{Output: out, Inputs: input(
		spanLine(1, 2, 1, "b"), spanLine(2, 1, 0, "x"), "text", spanLine(1, 1, 0, "a"),
	)})
	require.NoError(t, err)
	assert.Equal(t, []string{"x", "a.b"}, out.all())
	assert.Equal(t, Tally{Lines: 4, Spans: 3, Traces: 2, Other: 1}, tally)
}

// A file's name may contain anything.
func TestRunNamesFilesAsTheyAreFitForATerminal(t *testing.T) {
	var said bytes.Buffer
	in := input(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}`)
	in[0].Name = "a\x1b[31m\nedgespan: b"
	_, err := Run(context.Background(), Config{Output: newCollect(), Inputs: in, Errors: &said})
	require.NoError(t, err)
	assert.Contains(t, said.String(), `edgespan: a\x1b[31m\nedgespan: b:1: `)
	assert.Equal(t, 1, strings.Count(said.String(), "\n"))
}

func TestRunJoinsInputs(t *testing.T) {
	out := newCollect()
	all := append(input(spanLine(1, 2, 1, "b")), input(spanLine(1, 1, 0, "a"))...)
	_, err := Run(context.Background(), Config{Output: out, Inputs: all})
	require.NoError(t, err)
	assert.Equal(t, []string{"a.b"}, out.all())
}

func TestRunShowsALiveTraceSoon(t *testing.T) {
	const join = time.Second // far longer than a busy machine takes from one line to the next
	r, w := io.Pipe()
	out := newCollect()
	done := make(chan error)
	go func() {
		_, err := Run(context.Background(), Config{Output: out, Inputs: []inputs.Input{{Name: "pipe", Reader: r}}, Live: true, Join: join})
		done <- err
	}()
	fmt.Fprintln(w, spanLine(1, 2, 1, "b"))
	time.Sleep(20 * time.Millisecond)
	began := time.Now()
	fmt.Fprintln(w, spanLine(1, 1, 0, "a"))
	assert.Equal(t, "a.b", <-out.got, "lines that arrive close together are one trace")
	assert.GreaterOrEqual(t, time.Since(began), join*9/10)
	fmt.Fprintln(w, spanLine(1, 3, 1, "c"))
	assert.Equal(t, "c continued", <-out.got)
	fmt.Fprint(w, spanLine(2, 1, 0, "last"))
	w.Close()
	assert.Equal(t, "last", <-out.got, "the end flushes, a last line without an end too")
	require.NoError(t, <-done)
}

func TestRunCountsBrokenLines(t *testing.T) {
	const n = 10_000
	lines := make([]string, n)
	for i := range lines {
		lines[i] = spanLine(i+1, 1, 0, "a")
	}
	for _, i := range []int{5, 500, 9999} {
		lines[i] = lines[i][:len(lines[i])-9]
	}
	var errs strings.Builder
	out := newCollect()
	tally, err := Run(context.Background(), Config{Output: out, Inputs: input(lines...), Errors: &errs})
	require.NoError(t, err)
	assert.Len(t, out.all(), n-3)
	assert.Equal(t, 3, tally.Broken)
	assert.Equal(t, 3, strings.Count(errs.String(), "\n"))
	assert.Contains(t, errs.String(), "edgespan: in:6: ")
	assert.Contains(t, tally.Odd(true), "3 broken")
}

// A broken element does not lose the rest of its array, and is counted.
func TestRunCountsBrokenElements(t *testing.T) {
	out := newCollect()
	tally, err := Run(context.Background(), Config{Output: out, Errors: io.Discard, Inputs: input("[" + spanLine(1, 1, 0, "a") + `,{"resourceSpans":7},{"resourceSpans":8}]`)})
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, out.all())
	assert.Equal(t, 2, tally.Broken)
}

func TestRunCountsALastLineThatIsTooLong(t *testing.T) {
	out := newCollect()
	tally, err := Run(context.Background(), Config{Output: out, Inputs: input(spanLine(1, 1, 0, "a"), strings.Repeat("x", lines.MaxLength+2))})
	require.NoError(t, err)
	assert.Equal(t, "2 lines read: 1 too long", tally.Odd(false))
}

func TestRunReadsOnAfterAnInputFails(t *testing.T) {
	out := newCollect()
	all := append(input(spanLine(1, 1, 0, "a")), inputs.Input{Name: "bad", Reader: io.NopCloser(iotest.ErrReader(errors.New("disk on fire")))})
	tally, err := Run(context.Background(), Config{Output: out, Inputs: all})
	assert.EqualError(t, err, "bad: disk on fire")
	assert.Equal(t, []string{"a"}, out.all())
	assert.Equal(t, 1, tally.Lines)
}

func TestRunStopsWhenTheOutputFails(t *testing.T) {
	r, _ := io.Pipe() // never ends
	out := newCollect()
	out.err = errors.New("pipe closed")
	all := append(input(spanLine(1, 1, 0, "a")), inputs.Input{Name: "pipe", Reader: r})
	_, err := Run(context.Background(), Config{Output: out, Inputs: all, Live: true, Join: time.Millisecond})
	assert.EqualError(t, err, "pipe closed")
}

func TestRunNeedsBoundedMemory(t *testing.T) {
	runtime.GC() // what other tests have left
	r, w := io.Pipe()
	go func() {
		pad := strings.Repeat("x", 2000)
		for i := range 10_000 {
			if _, err := fmt.Fprintln(w, spanLine(i+1, 1, 0, pad)); err != nil {
				return
			}
		}
		w.Close()
	}()
	var peak uint64
	seen := 0
	tally, err := Run(context.Background(), Config{Inputs: []inputs.Input{{Name: "big", Reader: r}}, Limits: traces.Limits{Bytes: 2 << 20}, Output: outputFunc(func(*traces.Trace) {
		if seen++; seen%1000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	})})
	require.NoError(t, err)
	assert.Equal(t, 10_000, tally.Traces)
	assert.Less(t, peak, uint64(32<<20))
}

type outputFunc func(*traces.Trace)

func (f outputFunc) Trace(t *traces.Trace) error {
	f(t)
	return nil
}
func (outputFunc) End() error { return nil }

func TestRunReadsGzip(t *testing.T) {
	var file bytes.Buffer
	for _, name := range []string{"a", "b"} { // two members, as appending makes them
		w := gzip.NewWriter(&file)
		fmt.Fprintln(w, spanLine(len(name)+int(name[0]), 1, 0, name))
		require.NoError(t, w.Close())
	}
	whole := file.Bytes()
	out := newCollect()
	_, err := Run(context.Background(), Config{Output: out, Inputs: []inputs.Input{{Name: "x.gz", Reader: io.NopCloser(&file)}}})
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, out.all())

	out = newCollect()
	_, err = Run(context.Background(), Config{Output: out, Inputs: []inputs.Input{{Name: "x.gz", Reader: io.NopCloser(bytes.NewReader(whole[:len(whole)-4]))}}})
	assert.ErrorContains(t, err, "x.gz: unexpected EOF")
	assert.Len(t, out.all(), 2)
}

func TestRunReadsZstd(t *testing.T) {
	var file bytes.Buffer
	w, err := zstd.NewWriter(&file)
	require.NoError(t, err)
	fmt.Fprintln(w, spanLine(1, 1, 0, "a"))
	require.NoError(t, w.Close())
	for _, text := range []string{file.String(), file.String() + file.String()} {
		out := newCollect()
		_, err = Run(context.Background(), Config{Output: out, Inputs: []inputs.Input{{Name: "x.zst", Reader: io.NopCloser(strings.NewReader(text))}}})
		require.NoError(t, err)
		assert.Equal(t, []string{"a"}, out.all())
	}
	// It begins like zstd, and is something else. The error of this input must not end the others.
	_, err = Run(context.Background(), Config{Output: newCollect(), Inputs: []inputs.Input{{Name: "x.zst", Reader: io.NopCloser(strings.NewReader(file.String()[:20]))}}})
	assert.ErrorContains(t, err, "x.zst: ")
}

func TestFollow(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	write := func(flags int, text string) {
		t.Helper()
		f, err := os.OpenFile(name, flags|os.O_WRONLY|os.O_CREATE, 0o600)
		require.NoError(t, err)
		_, err = f.WriteString(text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	write(0, spanLine(1, 1, 0, "first")+"\n")
	all, errs := inputs.OpenFiles(context.Background(), []string{name}, true)
	require.Empty(t, errs)
	ctx, cancel := context.WithCancel(context.Background())
	out := newCollect()
	done := make(chan error)
	go func() {
		_, err := Run(ctx, Config{Output: out, Inputs: inputs.Follow(ctx, all), Live: true, Join: 10 * time.Millisecond})
		done <- err
	}()
	assert.Equal(t, "first", <-out.got)
	half := spanLine(2, 1, 0, "in two writes")
	write(os.O_APPEND, half[:30])
	time.Sleep(2 * inputs.PollInterval)
	write(os.O_APPEND, half[30:]+"\n")
	assert.Equal(t, "in two writes", <-out.got)
	write(os.O_TRUNC, spanLine(3, 1, 0, "cut short")+"\n")
	assert.Equal(t, "cut short", <-out.got)
	require.NoError(t, os.Rename(name, name+".1"))
	write(os.O_EXCL, spanLine(4, 1, 0, "replaced")+"\n")
	assert.Equal(t, "replaced", <-out.got)
	cancel()
	require.NoError(t, <-done)
}

func TestOddSaysOneOfOne(t *testing.T) {
	assert.Equal(t, "1 line read: the filters match none of 1 trace", Tally{Lines: 1, Spans: 1, Hidden: 1}.Odd(true))
	assert.Equal(t, "2 lines read: the filters match none of 2 traces", Tally{Lines: 2, Spans: 2, Hidden: 2}.Odd(true))
	assert.Equal(t, "3 lines read: 1 part of traces that came too late to be joined", Tally{Lines: 3, Spans: 2, Traces: 2, Parts: 1}.Odd(true))
}
