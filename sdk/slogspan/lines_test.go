package slogspan_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// lines keeps each Write separately.
type lines struct {
	mu   sync.Mutex
	all  []string
	fail func(p []byte) (int, error) // nil accepts everything
}

func (w *lines) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		if n, err := w.fail(p); n < len(p) || err != nil {
			return n, err
		}
	}
	w.all = append(w.all, string(p))
	return len(p), nil
}

func (w *lines) list() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.all...)
}

// one returns the line of a record that belongs to no request.
func one(t testing.TB, config slogspan.Config, r slog.Record) string {
	w := new(lines)
	require.NoError(t, slogspan.NewHandler(w, config).Handle(context.Background(), r))
	require.Len(t, w.all, 1)
	return w.all[0]
}

// With any limit and any format, no line is longer than the limit, no line is far below it without reason, and every record is
// there exactly once and in order.
func TestLineLimit(t *testing.T) {
	for _, format := range formats {
		for _, limit := range []int{0, 700, 1_000, 4_096} {
			tp := newProvider()
			w := new(lines)
			h := holding(w, slogspan.Config{Provider: tp, Format: format.Format, LineLimit: limit})
			ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
			const n = 300
			for i := range n {
				require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, fmt.Sprint("record ", i), slog.Int("i", i))))
			}
			h.AfterResponse()(ctx)
			if limit == 0 {
				limit = slogspan.DefaultLineLimit
			}
			written := w.list()
			for i, line := range written {
				require.LessOrEqual(t, len(line)-1, limit)
				if format.Format != slogspan.JSON && i < len(written)-1 {
					require.Greater(t, len(line), limit-400, "%s, %d", format.name, limit)
				}
			}
			records := readAll(t, format.Format, strings.Join(written, ""))
			require.Len(t, records, n)
			for i, r := range records {
				require.Equal(t, fmt.Sprint("record ", i), r["msg"])
			}
			require.EqualValues(t, n, h.Stats().Records)
			require.Zero(t, h.Stats().ShortenedValues)
		}
	}
}

func TestNoLineLimit(t *testing.T) {
	w := new(lines)
	tp := newProvider()
	h := holding(w, slogspan.Config{Provider: tp, LineLimit: -1})
	ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	for range 100 {
		require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, strings.Repeat("x", 10_000))))
	}
	h.AfterResponse()(ctx)
	require.Len(t, w.all, 1)
	require.Len(t, readOTLP(t, w.all[0]), 100)
}

func TestMaxRecords(t *testing.T) {
	for most, want := range map[int]string{0: "[5]", 1: "[1 1 1 1 1]", 2: "[2 2 1]", 5: "[5]", 6: "[5]"} {
		tp := newProvider()
		w := new(lines)
		h := holding(w, slogspan.Config{Provider: tp, MaxRecords: most})
		ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
		for range 5 {
			require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, "m")))
		}
		h.AfterResponse()(ctx)
		var got []int
		for _, line := range w.list() {
			got = append(got, len(readOTLP(t, line)))
		}
		assert.Equal(t, want, fmt.Sprint(got), "%d", most)
	}
}

// An error is written together with the waiting records of its request, and with no others.
func TestFlushLevel(t *testing.T) {
	tp := newProvider()
	w := new(lines)
	h := holding(w, slogspan.Config{Provider: tp, FlushLevel: slog.LevelError})
	ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	other, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	require.NoError(t, h.Handle(other, record(slog.LevelWarn, "other")))
	require.NoError(t, h.Handle(ctx, record(slog.LevelWarn, "before")))
	require.NoError(t, h.Handle(ctx, record(slog.LevelError, "error")))
	require.Len(t, w.list(), 1)
	records := readOTLP(t, w.list()[0])
	require.Len(t, records, 2)
	require.Equal(t, "before", records[0]["msg"])
	require.Equal(t, "error", records[1]["msg"])
}

// A record that is too large loses the ends of its longest strings, and then its last attributes.
func TestShrink(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é\"", n/4) }
	var many []slog.Attr
	for i := range 300 {
		many = append(many, slog.String(fmt.Sprintf("key %03d", i), strings.Repeat("v", 80)))
	}
	numbers := make([]int, 10_000)
	for _, tt := range []struct {
		name               string
		message            string
		attrs              []slog.Attr
		shortened, dropped int
	}{
		{"message", long(20_000), []slog.Attr{slog.String("k", "stays")}, 1, 0},
		{"value", "m", []slog.Attr{slog.String("a", "stays"), slog.String("k", long(20_000)), slog.String("z", "stays")}, 1, 0},
		{"values", "m", []slog.Attr{slog.String("k", long(15_000)), slog.String("z", long(15_000)), slog.String("a", long(3_000))}, 2, 0},
		{"controls", strings.Repeat("\x01", 20_000), nil, 1, 0},
		{"key", "m", []slog.Attr{slog.Int(long(20_000), 1)}, 1, 0},
		{"in a group", "m", []slog.Attr{slog.Group("g", slog.Group("h", slog.String("k", long(20_000)), slog.Int("i", 1)))}, 1, 0},
		{"in a list", "m", []slog.Attr{slog.Any("k", []string{"a", long(20_000), "b"})}, 1, 0},
		{"bytes", "m", []slog.Attr{slog.Any("k", []byte(long(20_000)))}, 1, 0},
		{"bytes and text", "m", []slog.Attr{slog.Any("k", []byte(long(20_000))), slog.String("l", long(20_000))}, 2, 0},
		{"named as OTLP's bytes", "m", []slog.Attr{slog.String("bytesValue", "a"+strings.Repeat("\"\x01", 10_000))}, 1, 0},
		{"megabytes", long(3_000_000), []slog.Attr{slog.String("k", long(3_000_000))}, 2, 0},
		{"many", "m", many, 300, 1},
		{"numbers", "m", []slog.Attr{slog.Int("a", 1), slog.Any("k", numbers), slog.Int("z", 1)}, 0, 1},
	} {
		for _, format := range formats {
			t.Run(tt.name+" "+format.name, func(t *testing.T) {
				w := new(lines)
				h := slogspan.NewHandler(w, slogspan.Config{Format: format.Format})
				require.NoError(t, h.Handle(context.Background(), record(slog.LevelInfo, tt.message, tt.attrs...)))
				require.Len(t, w.all, 1)
				line := w.all[0]
				require.LessOrEqual(t, len(line)-1, slogspan.DefaultLineLimit)
				if tt.dropped == 0 {
					require.Greater(t, len(line), slogspan.DefaultLineLimit*2/3, "more was cut than had to be")
				}
				r := readAll(t, format.Format, line)[0]
				stats := h.Stats()
				require.EqualValues(t, tt.shortened, stats.ShortenedValues)
				if tt.shortened > 0 {
					require.Equal(t, fmt.Sprint(tt.shortened), fmt.Sprint(r["edgespan.shortened_values"]))
				} else {
					require.NotContains(t, r, "edgespan.shortened_values")
				}
				dropped := 0
				if format.Format == slogspan.OTLP {
					dropped = decodeOTLP(t, line).records()[0].DroppedAttributesCount
				} else if n, ok := r["dropped_attributes"].(float64); ok {
					dropped = int(n)
				}
				require.EqualValues(t, dropped, stats.DroppedAttributes)
				require.GreaterOrEqual(t, dropped, tt.dropped)
				require.Zero(t, stats.DroppedRecords)
				for _, a := range tt.attrs {
					if a.Value.Kind() == slog.KindString && a.Value.String() == "stays" {
						require.Equal(t, "stays", r[a.Key])
					}
				}
			})
		}
	}
}

// Attributes of WithAttrs are shortened and dropped too.
func TestShrinkWithAttrs(t *testing.T) {
	w := new(lines)
	h := slogspan.NewHandler(w).WithAttrs([]slog.Attr{slog.String("a", strings.Repeat("x", 20_000))}).WithGroup("g")
	require.NoError(t, h.Handle(context.Background(), record(slog.LevelInfo, "m", slog.Int("k", 1))))
	r := readOTLP(t, w.all[0])[0]
	require.Equal(t, map[string]any{"k": "1"}, r["g"])
	require.Equal(t, "1", r["edgespan.shortened_values"])
}

// With a limit that is too small for any record, records are lost and an error is reported.
func TestLimitTooLow(t *testing.T) {
	var said []error
	w := new(lines)
	h := slogspan.NewHandler(w, slogspan.Config{LineLimit: 100, OnError: func(err error) { said = append(said, err) }})
	require.Error(t, h.Handle(context.Background(), record(slog.LevelInfo, "m")))
	require.Error(t, h.Handle(context.Background(), record(slog.LevelInfo, "m")))
	require.Empty(t, w.all)
	require.Len(t, said, 1)
	require.ErrorContains(t, said[0], "does not fit into a line")
	require.Equal(t, slogspan.Stats{DroppedRecords: 2}, h.Stats())
}

// A failing write is reported once and counted each time, and the next line is tried again.
func TestWriteErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		fail func(p []byte) (int, error)
		want string
	}{
		"error": {func([]byte) (int, error) { return 0, errors.New("refused") }, "refused"},
		"short": {func(p []byte) (int, error) { return len(p) / 2, nil }, io.ErrShortWrite.Error()},
		"panic": {func([]byte) (int, error) { panic("oh") }, "slogspan: panic in Write: oh"},
	} {
		t.Run(name, func(t *testing.T) {
			tp := newProvider()
			var said []string
			var h *slogspan.Handler
			w := &lines{fail: tt.fail}
			h = holding(w, slogspan.Config{Provider: tp, OnError: func(err error) {
				said = append(said, err.Error())
				_ = h.Handle(context.Background(), record(slog.LevelError, "logging failed")) // must not deadlock
				panic("reporting failed as well")
			}})
			require.EqualError(t, h.Handle(context.Background(), record(slog.LevelInfo, "m")), tt.want)
			ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
			require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, "m")))
			h.AfterResponse()(ctx)
			require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, "m")))
			require.EqualError(t, h.Flush(ctx), tt.want)
			require.Equal(t, []string{tt.want}, said)
			require.Equal(t, slogspan.Stats{DroppedRecords: 4}, h.Stats())

			w.fail = nil
			require.NoError(t, h.Handle(context.Background(), record(slog.LevelInfo, "m")))
			require.EqualValues(t, 1, h.Stats().Records)
		})
	}
	require.Error(t, slogspan.NewHandler(nil, slogspan.Config{OnError: func(error) {}}).Handle(context.Background(), record(slog.LevelInfo, "no writer")))
}

// Without OnError, errors go to the provider's OnError.
func TestProviderHearsErrors(t *testing.T) {
	var said []error
	tp := trace.NewTracerProvider(trace.Config{OnError: func(err error) { said = append(said, err) }})
	w := &lines{fail: func([]byte) (int, error) { return 0, errors.New("refused") }}
	slog.New(holding(w, slogspan.Config{Provider: tp})).Info("m")
	require.EqualError(t, errors.Join(said...), "refused")
}

// speechless is a writer's error whose Error method panics.
type speechless struct{ text string }

func (s *speechless) Error() string { return s.text }

// Whatever error the writer returns, the program that logs goes on.
func TestErrorThatPanics(t *testing.T) {
	w := &lines{fail: func([]byte) (int, error) { return 0, (*speechless)(nil) }}
	told := 0
	h := slogspan.NewHandler(w, slogspan.Config{OnError: func(error) { told++ }})
	slog.New(h).Info("m")
	require.Equal(t, 1, told)
	require.Equal(t, slogspan.Stats{DroppedRecords: 1}, h.Stats())
}

// Requests at the same time have lines of their own.
func TestRequestsApart(t *testing.T) {
	for _, format := range formats {
		tp := trace.NewTracerProvider(trace.Config{Exporter: discard{}})
		w := new(lines)
		h := holding(w, slogspan.Config{Provider: tp, Format: format.Format})
		logger := slog.New(h)
		var wg sync.WaitGroup
		const workers, requests, each = 8, 20, 5
		for range workers {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range requests {
					ctx, span := tp.Start(context.Background(), "GET /", trace.StartConfig{})
					l := logger.With("trace", span.SpanContext().TraceID.String())
					var both sync.WaitGroup
					for range 2 {
						both.Add(1)
						go func() {
							defer both.Done()
							for i := range each {
								l.InfoContext(ctx, "m", "i", i)
							}
						}()
					}
					both.Wait()
					span.End()
					h.AfterResponse()(ctx)
					_ = h.Stats()
				}
			}()
		}
		wg.Wait()
		require.EqualValues(t, workers*requests*each*2, h.Stats().Records)
		seen := map[string]int{}
		for _, line := range w.list() {
			records := readAll(t, format.Format, line)
			if format.Format != slogspan.JSON {
				require.Len(t, records, each*2, "all of a request, and nothing else")
			}
			for _, r := range records {
				require.Equal(t, r["trace"], r["trace_id"])
				require.Equal(t, records[0]["trace_id"], r["trace_id"])
				seen[r["trace_id"].(string)]++
			}
		}
		require.Len(t, seen, workers*requests)
	}
}

// If the ends of requests are never reported, memory stays limited and nothing is lost.
func TestWithoutEndOfRequests(t *testing.T) {
	tp := trace.NewTracerProvider(trace.Config{Exporter: discard{}})
	w := new(lines)
	h := holding(w, slogspan.Config{Provider: tp})
	for range 1_000 {
		ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
		require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, "m")))
	}
	require.EqualValues(t, 768, h.Stats().Records)
	require.NoError(t, h.Flush(context.Background()))
	require.EqualValues(t, 1_000, h.Stats().Records)
}

// A value whose method logs does not cause a deadlock.
type chatty struct{ l *slog.Logger }

func (c chatty) LogValue() slog.Value {
	c.l.Info("asked for its value")
	return slog.StringValue("chatty")
}

func TestValueThatLogs(t *testing.T) {
	tp := newProvider()
	w := new(lines)
	h := holding(w, slogspan.Config{Provider: tp})
	ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	l := slog.New(withContext{h, ctx})
	l.Info("outer", "v", chatty{l})
	h.AfterResponse()(ctx)
	records := readOTLP(t, w.all[0])
	require.Len(t, records, 2)
	require.Equal(t, "chatty", records[1]["v"])
}
