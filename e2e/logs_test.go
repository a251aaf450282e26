package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// The Collector's decoder accepts every OTLP line of the slog handler and finds every record. It is stricter than a JSON
// parser: ids, integers, bytes and enumerations must be valid. The test needs no host.
func TestLogLinesInTheCollector(t *testing.T) {
	var out bytes.Buffer
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "shop", Exporter: noExporter{}})
	h := slogspan.NewHandler(&out, slogspan.Config{Provider: tp, Level: slog.Level(math.MinInt), AddSource: true})
	logger, afterResponse := slog.New(h), h.AfterResponse()

	levels := []slog.Level{math.MinInt, -8, slog.LevelDebug, -1, slog.LevelInfo, 3, slog.LevelWarn, slog.LevelError, 15, math.MaxInt}
	type want struct{ message, trace, span string }
	var wants []want
	for request := range 40 {
		ctx, span := tp.Start(context.Background(), "GET /", trace.StartConfig{})
		l := logger.With("request", request).WithGroup("app").With(slog.Group("none"))
		for i := range 1 + request*3 {
			message := fmt.Sprintf("request %d, record %d \x00\xff\u2028\"", request, i)
			l.LogAttrs(ctx, levels[i%len(levels)], message, logAttributes(i)...)
			sc := span.SpanContext()
			wants = append(wants, want{strings.ToValidUTF8(message, "\uFFFD"), sc.TraceID.String(), sc.SpanID.String()})
		}
		span.End()
		afterResponse(ctx)
	}
	logger.Info("without a span")
	wants = append(wants, want{message: "without a span"})
	require.NoError(t, h.Flush(context.Background()))

	found := 0
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, len(line)-1, slogspan.DefaultLineLimit)
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line))
		require.NoError(t, err, "%s", line)
		require.Equal(t, strings.Count(line, `"observedTimeUnixNano"`), logs.LogRecordCount())
		require.Equal(t, 1, logs.ResourceLogs().Len())
		rl := logs.ResourceLogs().At(0)
		service, _ := rl.Resource().Attributes().Get("service.name")
		require.Equal(t, "shop", service.Str())
		require.Equal(t, 1, rl.ScopeLogs().Len())
		require.Equal(t, trace.ScopeName, rl.ScopeLogs().At(0).Scope().Name())
		for _, r := range rl.ScopeLogs().At(0).LogRecords().All() {
			require.Less(t, found, len(wants))
			w := wants[found]
			found++
			require.Equal(t, w, want{r.Body().Str(), r.TraceID().String(), r.SpanID().String()})
			require.Equal(t, w.trace != "", r.Flags().IsSampled())
			require.InDelta(t, time.Now().UnixNano(), int64(r.Timestamp()), 1e12)
			require.Equal(t, r.Timestamp(), r.ObservedTimestamp())
			require.True(t, r.SeverityNumber() >= plog.SeverityNumberTrace && r.SeverityNumber() <= plog.SeverityNumberFatal4)
			require.NotEmpty(t, r.SeverityText())
			source, _ := r.Attributes().Get("code.function.name")
			require.Contains(t, source.Str(), "TestLogLinesInTheCollector")
		}
	}
	require.Equal(t, len(wants), found)
	require.EqualValues(t, found, h.Stats().Records)
	require.Zero(t, h.Stats().DroppedRecords)
	require.NotZero(t, h.Stats().ShortenedValues)
}

// The Collector decodes each value of a record correctly.
func TestLogValuesInTheCollector(t *testing.T) {
	var out bytes.Buffer
	slog.New(slogspan.NewHandler(&out)).LogAttrs(context.Background(), slog.LevelWarn+1, "m", logAttributes(0)...)
	logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(out.Bytes())
	require.NoError(t, err)
	r := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, plog.SeverityNumberWarn2, r.SeverityNumber())
	assert.Equal(t, "WARN+1", r.SeverityText())
	assert.True(t, r.TraceID().IsEmpty())
	attrs := r.Attributes()
	floats := map[string]float64{"nan": 0, "inf": 0}
	for key := range floats { // NaN is not equal to itself
		v, _ := attrs.Get(key)
		floats[key] = v.Double()
		attrs.Remove(key)
	}
	assert.True(t, math.IsNaN(floats["nan"]))
	assert.True(t, math.IsInf(floats["inf"], 1))
	assert.Equal(t, map[string]any{
		"string": "\uFFFD\n", "int": int64(math.MinInt64), "large": "18446744073709551615", "float": 0.1, "bool": true,
		"duration": int64(time.Second), "time": int64(1_700_000_000_000_000_000), "error": "failed", "nil": nil,
		"group":  map[string]any{"a": int64(1), "deeper": map[string]any{"b": "c"}},
		"list":   []any{"a", int64(1), nil, []any{true}},
		"map":    map[string]any{"k": int64(1)},
		"bytes":  []byte{0, 1, 0xff},
		"struct": "{A:1}", "long": "",
	}, attrs.AsRaw())
}

func logAttributes(i int) []slog.Attr {
	long := ""
	if i%50 == 49 {
		long = strings.Repeat("é\"\x01", 6_000)
	}
	return []slog.Attr{
		slog.String("string", "\xff\n"), slog.Int64("int", math.MinInt64), slog.Uint64("large", math.MaxUint64), slog.Float64("float", 0.1),
		slog.Float64("nan", math.NaN()), slog.Float64("inf", math.Inf(1)), slog.Bool("bool", true), slog.Duration("duration", time.Second),
		slog.Time("time", time.Unix(1_700_000_000, 0)), slog.Any("error", errors.New("failed")), slog.Any("nil", nil),
		slog.Group("group", slog.Int("a", 1), slog.Group("deeper", slog.String("b", "c")), slog.Group("empty")),
		slog.Any("list", []any{"a", 1, nil, []bool{true}}), slog.Any("map", map[string]int{"k": 1}),
		slog.Any("bytes", append([]byte{0, 1, 0xff}, long...)), slog.Any("struct", struct{ A int }{1}), slog.String("long", long),
	}
}

type noExporter struct{}

func (noExporter) Export(context.Context, *trace.Batch) error { return nil }
