package logendpoint

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
)

func TestWriterLines(t *testing.T) {
	for in, want := range map[string][]string{
		"":                 nil,
		"\n":               nil,
		"one":              {"one"},
		"one\n":            {"one"},
		"one\ntwo":         {"one", "two"},
		"\none\n\n\ntwo\n": {"one", "two"},
		"one\r\n":          {"one\r"},
		"\x00\xff\n":       {"\x00\xff"},
	} {
		w := &writer{}
		lw := &Writer{out: w.Write}
		n, err := lw.Write([]byte(in))
		require.NoError(t, err)
		assert.Equal(t, len(in), n)
		assert.Equal(t, want, w.lines)
		assert.Equal(t, WriterStats{Lines: uint64(len(want)), Bytes: uint64(len(strings.Join(want, "")))}, lw.Stats())
	}
}

func TestWriterGoesOnAfterAnError(t *testing.T) {
	w := &writer{fail: func(call int, p []byte) (int, error) {
		switch call {
		case 1:
			return 0, errors.New("refused")
		case 2:
			return 1, nil
		}
		return len(p), nil
	}}
	lw := &Writer{out: w.Write}
	n, err := lw.Write([]byte("one\ntwo\nthree\nfour\n"))
	assert.EqualError(t, err, "refused")
	assert.Equal(t, len("one\ntwo\nthree\nfour\n"), n, "nothing is left to be written again")
	assert.Equal(t, []string{"one", "four"}, w.lines)
	assert.Equal(t, WriterStats{Lines: 2, Bytes: 7, DroppedLines: 2}, lw.Stats())
}

// A caller that writes again what was not accepted has each line exactly once.
func TestWriterTwice(t *testing.T) {
	w := &writer{fail: func(call int, p []byte) (int, error) {
		if call == 2 || call == 3 {
			return 0, errors.New("refused")
		}
		return len(p), nil
	}}
	lw := &Writer{out: w.Write}
	p := []byte("one\n\ntwo\nthree\nfour")
	n, err := lw.Write(p)
	require.EqualError(t, err, "refused")
	assert.Equal(t, "three\nfour", string(p[n:]))
	_, err = lw.Write(p[n:])
	require.NoError(t, err)
	assert.Equal(t, []string{"one", "two", "three", "four"}, w.lines)
	assert.Equal(t, WriterStats{Lines: 4, Bytes: 15, DroppedLines: 2}, lw.Stats())
}

func TestWriterRefusesBadNames(t *testing.T) {
	for _, name := range []string{"", "a:b", "stderr"} {
		lw := OpenWriter(name)
		for range 2 {
			_, err := lw.Write([]byte("line\n"))
			assert.Equal(t, checkName(name), err)
			assert.Error(t, err, "%q", name)
		}
		assert.Equal(t, WriterStats{DroppedLines: 2}, lw.Stats())
	}
}

// Logs are never written to an endpoint for traces, whichever is opened first.
func TestWriterRefusesATraceEndpoint(t *testing.T) {
	name := fmt.Sprint("shared by both ", time.Now().UnixNano()) // a new name, because the list of trace endpoints lasts as long as the program
	lw := OpenWriter(name)
	w := &writer{}
	lw.out = w.Write
	_, err := lw.Write([]byte("before\n"))
	require.NoError(t, err)

	Open(name)
	Open(name)
	_, err = lw.Write([]byte("after\n"))
	assert.Equal(t, errShared, err)
	_, err = OpenWriter(name).Write([]byte("after\n"))
	assert.Equal(t, errShared, err)
	assert.Equal(t, []string{"before"}, w.lines)
	assert.Equal(t, WriterStats{Lines: 1, Bytes: 6, DroppedLines: 1}, lw.Stats())

	Open("not a name:")
	assert.False(t, traceNames.has("not a name:"))
}

func TestWriterConcurrently(t *testing.T) {
	w := &writer{}
	lw := &Writer{out: w.Write, name: "logs"}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 100 {
				_, _ = fmt.Fprintf(lw, "%d\n%d\n", i, i)
				_ = OpenWriter("other")
				_ = lw.Stats()
			}
		}()
	}
	wg.Wait()
	require.Len(t, w.lines, 1600)
	require.EqualValues(t, 1600, lw.Stats().Lines)
}

// With sdk/slogspan on top, an error is reported once.
func TestWriterUnderTheHandler(t *testing.T) {
	var said []error
	lw := OpenWriter("stdout")
	logger := slog.New(slogspan.NewHandler(lw, slogspan.Config{OnError: func(err error) { said = append(said, err) }}))
	logger.Info("one")
	logger.Info("two")
	assert.Equal(t, []error{checkName("stdout")}, said)
	assert.EqualValues(t, 2, lw.Stats().DroppedLines)

	w := &writer{}
	logger = slog.New(slogspan.NewHandler(&Writer{out: w.Write}))
	logger.Info("three\nlines\n")
	require.Len(t, w.lines, 1)
	assert.False(t, bytes.ContainsAny([]byte(w.lines[0]), "\n"))
}
