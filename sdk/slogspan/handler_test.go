package slogspan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 890_000_001, time.UTC)

func record(level slog.Level, message string, attrs ...slog.Attr) slog.Record {
	r := slog.NewRecord(at, level, message, 0)
	r.AddAttrs(attrs...)
	return r
}

const (
	otlpStart = `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},` +
		`{"key":"telemetry.sdk.language","value":{"stringValue":"go"}},{"key":"telemetry.sdk.name","value":{"stringValue":"edgespan"}},` +
		`{"key":"telemetry.sdk.version","value":{"stringValue":"` + trace.Version + `"}}]},` +
		`"scopeLogs":[{"scope":{"name":"github.com/edgespan/edgespan","version":"` + trace.Version + `"},"logRecords":[`
	otlpTime = `"timeUnixNano":"1772600767890000001","observedTimeUnixNano":"1772600767890000001"`
	otlpIDs  = `"traceId":"aa000000000000000000000000000001","spanId":"bb00000000000001","flags":1`
	otlpEnd  = `]}]}]}` + "\n"
)

// Handlers that come from the same Handler have separate groups, however deep.
func TestSiblingGroups(t *testing.T) {
	for depth := range 10 {
		var out bytes.Buffer
		var h slog.Handler = slogspan.NewHandler(&out, slogspan.Config{Format: slogspan.JSON})
		before, after := "", ""
		for i := range depth {
			h = h.WithGroup(fmt.Sprint("g", i))
			before, after = before+fmt.Sprintf(`"g%d":{`, i), after+"}"
		}
		one, two := h.WithGroup("one"), h.WithGroup("two")
		require.NoError(t, one.Handle(context.Background(), record(slog.LevelInfo, "1", slog.Int("n", 1))))
		require.NoError(t, two.Handle(context.Background(), record(slog.LevelInfo, "2", slog.Int("n", 2))))
		assert.Contains(t, out.String(), before+`"one":{"n":1}`+after)
		assert.Contains(t, out.String(), before+`"two":{"n":2}`+after)
	}
}

// Compares whole lines with two records of a request and one of its child.
func TestWholeLines(t *testing.T) {
	for _, tt := range []struct {
		format slogspan.Format
		want   string
	}{
		{slogspan.OTLP, otlpStart +
			`{` + otlpTime + `,"severityNumber":9,"severityText":"INFO",` + otlpIDs + `,"body":{"stringValue":"started"}},` +
			`{` + otlpTime + `,"severityNumber":15,"severityText":"WARN+2",` + otlpIDs + `,"body":{"stringValue":"line\nbreak"},` +
			`"attributes":[{"key":"n","value":{"intValue":"7"}},{"key":"g","value":{"kvlistValue":{"values":[` +
			`{"key":"a","value":{"boolValue":true}},{"key":"b","value":{"doubleValue":1.5}}]}}}]},` +
			`{` + otlpTime + `,"severityNumber":17,"severityText":"ERROR","traceId":"aa000000000000000000000000000001",` +
			`"spanId":"bb00000000000002","flags":1,"body":{"stringValue":""}}` + otlpEnd},
		{slogspan.JSON, `{"time":"2026-03-04T05:06:07.890000001Z","level":"INFO","msg":"started","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000001","trace_flags":"01","service.name":"shop"}
{"time":"2026-03-04T05:06:07.890000001Z","level":"WARN+2","msg":"line\nbreak","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000001","trace_flags":"01","service.name":"shop","n":7,"g":{"a":true,"b":1.5}}
{"time":"2026-03-04T05:06:07.890000001Z","level":"ERROR","msg":"","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000002","trace_flags":"01","service.name":"shop"}
`},
		{slogspan.JSONArray, `[{"time":"2026-03-04T05:06:07.890000001Z","level":"INFO","msg":"started","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000001","trace_flags":"01","service.name":"shop"},` +
			`{"time":"2026-03-04T05:06:07.890000001Z","level":"WARN+2","msg":"line\nbreak","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000001","trace_flags":"01","service.name":"shop","n":7,"g":{"a":true,"b":1.5}},` +
			`{"time":"2026-03-04T05:06:07.890000001Z","level":"ERROR","msg":"","trace_id":"aa000000000000000000000000000001","span_id":"bb00000000000002","trace_flags":"01","service.name":"shop"}]
`},
	} {
		tp := newProvider()
		w := new(lines)
		h := holding(w, slogspan.Config{Provider: tp, Format: tt.format})
		ctx, span := tp.Start(context.Background(), "GET /", trace.StartConfig{})
		require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, "started")))
		require.NoError(t, h.Handle(ctx, record(slog.LevelWarn+2, "line\nbreak", slog.Int("n", 7),
			slog.Group("g", slog.Bool("a", true), slog.Float64("b", 1.5)))))
		child, childSpan := trace.Start(ctx, "child")
		require.NoError(t, h.Handle(child, record(slog.LevelError, "")))
		childSpan.End()
		span.End()
		require.Empty(t, w.list())

		h.AfterResponse()(ctx)
		assert.Equal(t, tt.want, strings.Join(w.list(), ""))
		h.AfterResponse()(ctx)
		require.NoError(t, h.Flush(ctx))
		assert.Equal(t, tt.want, strings.Join(w.list(), ""), "written again")
		want := slogspan.Stats{Lines: uint64(len(w.list())), Records: 3, Bytes: uint64(len(tt.want) - len(w.list()))}
		assert.Equal(t, want, h.Stats())
	}
}

// An attribute cannot be taken for the span's ids or the service's name, however it got its key.
func TestAttributesDoNotPassForIDs(t *testing.T) {
	tp := trace.NewTracerProvider(trace.Config{Exporter: discard{}, IDs: new(fixedIDs), ServiceName: "shop"})
	w := new(lines)
	rename := func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == "renamed" {
			a.Key = "trace_flags"
		}
		return a
	}
	h := slogspan.NewHandler(w, slogspan.Config{Provider: tp, Format: slogspan.JSON, ReplaceAttr: rename})
	ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	mine := []slog.Attr{slog.String("trace_id", "mine"), slog.Group("", slog.Int("span_id", 1)), slog.Group("service.name", slog.Int("span_id", 2)),
		slog.Group("g", slog.Int("trace_id", 3)), slog.Group("service.name"), slog.Bool("renamed", true), slog.Any("x", slog.Int("trace_id", 5))}
	require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, "m", mine...)))
	require.NoError(t, h.WithAttrs(mine).WithGroup("span_id").WithGroup("none").Handle(ctx, record(slog.LevelInfo, "m")))
	require.NoError(t, h.WithGroup("span_id").WithAttrs([]slog.Attr{slog.Int("span_id", 4)}).Handle(ctx, record(slog.LevelInfo, "m", mine[0])))
	const head = `{"time":"2026-03-04T05:06:07.890000001Z","level":"INFO","msg":"m","trace_id":"aa000000000000000000000000000001",` +
		`"span_id":"bb00000000000001","trace_flags":"01","service.name":"shop",`
	const attributes = `"attr.trace_id":"mine","attr.span_id":1,"attr.service.name":{"span_id":2},"g":{"trace_id":3},"attr.trace_flags":true,"x":{"trace_id":5}}` + "\n"
	require.Equal(t, []string{head + attributes, head + attributes, head + `"attr.span_id":{"span_id":4,"trace_id":"mine"}}` + "\n"}, w.list())
}

// A record that belongs to no request does not wait.
func TestWithoutSpan(t *testing.T) {
	w := new(lines)
	h := holding(w, slogspan.Config{Provider: newProvider()})
	require.NoError(t, h.Handle(context.Background(), record(slog.LevelDebug, "a")))
	var none context.Context // a nil context is accepted
	require.NoError(t, h.Handle(none, record(slog.LevelDebug, "b")))
	require.Equal(t, []string{
		otlpStart + `{` + otlpTime + `,"severityNumber":5,"severityText":"DEBUG","body":{"stringValue":"a"}}` + otlpEnd,
		otlpStart + `{` + otlpTime + `,"severityNumber":5,"severityText":"DEBUG","body":{"stringValue":"b"}}` + otlpEnd,
	}, w.list())
}

// The logs of a trace that is not sampled are written too.
func TestUnsampled(t *testing.T) {
	tp := trace.NewTracerProvider(trace.Config{Exporter: discard{}, Sampler: trace.Never(), IDs: new(fixedIDs)})
	w := new(lines)
	h := holding(w, slogspan.Config{Provider: tp, Format: slogspan.JSON})
	ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	require.NoError(t, h.Handle(ctx, record(slog.LevelInfo, "m")))
	h.AfterResponse()(ctx)
	require.Equal(t, []string{`{"time":"2026-03-04T05:06:07.890000001Z","level":"INFO","msg":"m","trace_id":"aa000000000000000000000000000001",` +
		`"span_id":"bb00000000000001","trace_flags":"00","service.name":"` + unknownService() + `"}` + "\n"}, w.list())
}

// unknownService is the name that a provider gives a service without a name.
func unknownService() string {
	name, _ := trace.NewTracerProvider(trace.Config{}).Resource().Attribute("service.name")
	return name.Str()
}

func TestLevels(t *testing.T) {
	var level slog.LevelVar
	h := slogspan.NewHandler(new(lines), slogspan.Config{Level: &level})
	assert.True(t, h.Enabled(context.Background(), slog.LevelInfo))
	assert.False(t, h.Enabled(context.Background(), slog.LevelDebug))
	level.Set(slog.LevelDebug)
	assert.True(t, h.WithGroup("g").Enabled(context.Background(), slog.LevelDebug))
	assert.False(t, slogspan.NewHandler(nil).Enabled(context.Background(), slog.LevelDebug))

	for level, want := range map[slog.Level]int{
		slog.LevelDebug: 5, slog.LevelInfo: 9, slog.LevelWarn: 13, slog.LevelError: 17,
		slog.LevelDebug - 4: 1, slog.LevelDebug - 5: 1, slog.LevelInfo + 1: 10, slog.LevelError + 7: 24, slog.LevelError + 8: 24,
		math.MaxInt: 24, math.MinInt: 1,
	} {
		r := one(t, slogspan.Config{}, record(level, "m"))
		assert.Equal(t, want, decodeOTLP(t, r).records()[0].SeverityNumber, "%v", level)
		assert.Equal(t, level.String(), *decodeOTLP(t, r).records()[0].SeverityText)
	}
}

type (
	stringer   struct{ s string }
	textual    struct{ s string }
	marshaler  struct{ s string }
	broken     struct{ how string }
	number     int
	label      string
	point      struct{ X, Y int }
	resolved   struct{ v slog.Value }
	endless    struct{}
	selfNested struct{}
	wrapped    struct{ P *int }
)

func (s stringer) String() string                { return "stringer " + s.s }
func (s textual) MarshalText() ([]byte, error)   { return []byte("textual " + s.s), nil }
func (s marshaler) MarshalJSON() ([]byte, error) { return []byte(s.s), nil }
func (v resolved) LogValue() slog.Value          { return v.v }
func (v endless) LogValue() slog.Value           { return slog.AnyValue(v) }
func (v selfNested) LogValue() slog.Value        { return slog.GroupValue(slog.Any("again", v)) }
func (b broken) Error() string                   { panic("in " + b.how) }
func (b *broken) LogValue() slog.Value           { panic("in " + b.how) }

type brokenText struct{}

func (brokenText) MarshalText() ([]byte, error) { return nil, errors.New("no text") }

type nilError struct{ s string }

func (e *nilError) Error() string { return e.s }

// Values of every kind. An empty want means that the attribute is left out.
func TestValues(t *testing.T) {
	seven := 7
	_, badMarshaler := json.Marshal(marshaler{`{`}) // versions of Go name the type differently
	for _, tt := range []struct {
		name       string
		attr       slog.Attr
		otlp, json string
	}{
		{"string", slog.String("k", "v\x00\xff\u2028\""), `{"stringValue":"v\u0000�\u2028\""}`, `"v\u0000�\u2028\""`},
		{"int", slog.Int("k", -1), `{"intValue":"-1"}`, `-1`},
		{"least", slog.Int64("k", math.MinInt64), `{"intValue":"-9223372036854775808"}`, `-9223372036854775808`},
		{"uint", slog.Uint64("k", math.MaxInt64), `{"intValue":"9223372036854775807"}`, `9223372036854775807`},
		{"large uint", slog.Uint64("k", math.MaxUint64), `{"stringValue":"18446744073709551615"}`, `18446744073709551615`},
		{"float", slog.Float64("k", 0.1), `{"doubleValue":0.1}`, `0.1`},
		{"NaN", slog.Float64("k", math.NaN()), `{"doubleValue":"NaN"}`, `"NaN"`},
		{"infinite", slog.Float64("k", math.Inf(-1)), `{"doubleValue":"-Infinity"}`, `"-Infinity"`},
		{"bool", slog.Bool("k", false), `{"boolValue":false}`, `false`},
		{"duration", slog.Duration("k", time.Second), `{"intValue":"1000000000"}`, `1000000000`},
		{"time", slog.Time("k", at), `{"intValue":"1772600767890000001"}`, `"2026-03-04T05:06:07.890000001Z"`},
		{"zero time", slog.Time("k", time.Time{}), `{"stringValue":"0001-01-01T00:00:00Z"}`, `"0001-01-01T00:00:00Z"`},
		{"late time", slog.Time("k", time.Date(2400, 1, 1, 0, 0, 0, 0, time.UTC)), `{"stringValue":"2400-01-01T00:00:00Z"}`, `"2400-01-01T00:00:00Z"`},
		{"later time", slog.Time("k", time.Date(10400, 1, 1, 0, 0, 0, 0, time.UTC)), `{"stringValue":"10400-01-01T00:00:00Z"}`, `"10400-01-01T00:00:00Z"`},
		{"zero attribute", slog.Attr{}, ``, ``},
		{"nil", slog.Any("k", nil), `{}`, `null`},
		{"error", slog.Any("k", errors.New("e")), `{"stringValue":"e"}`, `"e"`},
		{"stringer", slog.Any("k", stringer{"s"}), `{"stringValue":"stringer s"}`, `"stringer s"`},
		{"url", slog.Any("k", &url.URL{Scheme: "https", Host: "h"}), `{"stringValue":"https://h"}`, `"https://h"`},
		{"address", slog.Any("k", netip.MustParseAddr("::1")), `{"stringValue":"::1"}`, `"::1"`},
		{"text", slog.Any("k", textual{"s"}), `{"stringValue":"textual s"}`, `"textual s"`},
		{"no text", slog.Any("k", brokenText{}), `{"stringValue":"!ERROR:no text"}`, `"!ERROR:no text"`},
		{"marshaler", slog.Any("k", marshaler{"{\"a\" :\n[1, \"\xff\"]}"}), "{\"stringValue\":\"{s:{\\\"a\\\" :\\n[1, \\\"�\\\"]}}\"}", `{"a":[1,"�"]}`},
		{"bad marshaler", slog.Any("k", marshaler{`{`}), `{"stringValue":"{s:{}"}`, `"!ERROR:` + badMarshaler.Error() + `"`},
		{"level", slog.Any("k", slog.LevelWarn), `{"stringValue":"WARN"}`, `"WARN"`},
		{"struct", slog.Any("k", point{1, 2}), `{"stringValue":"{X:1 Y:2}"}`, `{"X":1,"Y":2}`},
		{"pointer to struct", slog.Any("k", &point{1, 2}), `{"stringValue":"{X:1 Y:2}"}`, `{"X":1,"Y":2}`},
		{"pointer", slog.Any("k", &seven), `{"intValue":"7"}`, `7`},
		{"nil pointer", slog.Any("k", (*int)(nil)), `{}`, `null`},
		{"nil error", slog.Any("k", (*nilError)(nil)), `{"stringValue":"<nil>"}`, `"<nil>"`},
		{"named int", slog.Any("k", number(3)), `{"intValue":"3"}`, `3`},
		{"named string", slog.Any("k", label("<x>")), `{"stringValue":"<x>"}`, `"<x>"`},
		{"bytes", slog.Any("k", []byte("abc")), `{"bytesValue":"YWJj"}`, `"YWJj"`},
		{"strings", slog.Any("k", []string{"a", "b"}), `{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}`, `["a","b"]`},
		{"no strings", slog.Any("k", []string{}), `{"arrayValue":{"values":[]}}`, `[]`},
		{"array", slog.Any("k", [2]uint8{1, 2}), `{"arrayValue":{"values":[{"intValue":"1"},{"intValue":"2"}]}}`, `[1,2]`},
		{"anything", slog.Any("k", []any{1, "a", nil, time.Second, []int{2}}),
			`{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"a"},{},{"intValue":"1000000000"},{"arrayValue":{"values":[{"intValue":"2"}]}}]}}`, `[1,"a",null,1000000000,[2]]`},
		{"map", slog.Any("k", map[string]any{"b": 1.5, "a": map[label]bool{"x": true}}),
			`{"kvlistValue":{"values":[{"key":"a","value":{"kvlistValue":{"values":[{"key":"x","value":{"boolValue":true}}]}}},{"key":"b","value":{"doubleValue":1.5}}]}}`,
			`{"a":{"x":true},"b":1.5}`},
		{"nil map", slog.Any("k", map[string]int(nil)), `{"kvlistValue":{"values":[]}}`, `null`},
		{"map of numbers", slog.Any("k", map[int]int{2: 1, 1: 2}), `{"stringValue":"map[1:2 2:1]"}`, `{"1":2,"2":1}`},
		{"complex", slog.Any("k", 1+2i), `{"stringValue":"(1+2i)"}`, `"!ERROR:json: unsupported type: complex128"`},
		{"group", slog.Group("k", slog.Int("a", 1), slog.Group("none"), slog.Group("", slog.Int("b", 2))),
			`{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"intValue":"2"}}]}}`, `{"a":1,"b":2}`},
		{"group of nothing", slog.Group("k", slog.Group("l", slog.Attr{}), slog.Attr{}), ``, ``},
		{"LogValuer", slog.Any("k", resolved{slog.IntValue(3)}), `{"intValue":"3"}`, `3`},
		{"LogValuer of a group", slog.Any("k", resolved{slog.GroupValue(slog.Any("a", resolved{slog.IntValue(3)}))}),
			`{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"3"}}]}}`, `{"a":3}`},
		{"LogValuers in a list", slog.Any("k", []any{resolved{slog.GroupValue(slog.Int("a", 1))}}),
			`{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}]}}`, `[{}]`},
		{"panicking error", slog.Any("k", broken{"Error"}), `{"stringValue":"!PANIC: in Error"}`, `"!PANIC: in Error"`},
		{"panicking error in a list", slog.Any("k", []any{1, broken{"Error"}, 2}),
			`{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"!PANIC: in Error"},{"intValue":"2"}]}}`, `[1,{},2]`},
		{"source", slog.Any("k", &slog.Source{Function: "f", File: "x.go", Line: 3}),
			`{"kvlistValue":{"values":[{"key":"function","value":{"stringValue":"f"}},{"key":"file","value":{"stringValue":"x.go"}},{"key":"line","value":{"intValue":"3"}}]}}`,
			`{"function":"f","file":"x.go","line":3}`},
		{"empty key", slog.Int("", 1), `{"intValue":"1"}`, `1`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantOTLP, wantJSON := `}`, `}`
			if tt.otlp != "" {
				key, err := json.Marshal(tt.attr.Key)
				require.NoError(t, err)
				wantOTLP = `,"attributes":[{"key":` + string(key) + `,"value":` + tt.otlp + `}]}`
				wantJSON = `,` + string(key) + `:` + tt.json + `}`
			}
			config := slogspan.Config{Provider: newProvider()}
			assert.Equal(t, otlpStart+`{`+otlpTime+`,"severityNumber":9,"severityText":"INFO","body":{"stringValue":"m"}`+wantOTLP+otlpEnd,
				one(t, config, record(slog.LevelInfo, "m", tt.attr)))
			config.Format = slogspan.JSON
			assert.Equal(t, `{"time":"2026-03-04T05:06:07.890000001Z","level":"INFO","msg":"m","service.name":"shop"`+wantJSON+"\n",
				one(t, config, record(slog.LevelInfo, "m", tt.attr)))
		})
	}
}

// Values that contain themselves are cut off.
func TestEndlessValues(t *testing.T) {
	ring := map[string]any{}
	ring["ring"] = ring
	list := make([]any, 1)
	list[0] = list
	var pointer any
	pointer = &pointer
	for name, v := range map[string]any{"LogValuer": endless{}, "group": selfNested{}, "map": ring, "list": list, "pointer": pointer, "panic": &broken{"LogValue"}} {
		for _, format := range formats {
			line := one(t, slogspan.Config{Format: format.Format}, record(slog.LevelInfo, "m", slog.Any("k", v), slog.Int("after", 1)))
			require.Less(t, len(line), 8_000)
			records := readAll(t, format.Format, line)
			require.Len(t, records, 1)
			require.EqualValues(t, "1", fmt.Sprint(records[0]["after"]), "%s: %s", name, line)
		}
	}
}

// A value that contains itself more than once is cut off when it gets too large.
func TestManyEndlessValues(t *testing.T) {
	tree := map[string]any{}
	tree["left"], tree["middle"], tree["right"] = tree, tree, tree
	for name, v := range map[string]any{"map": tree, "group": doublyNested{}} {
		for _, format := range formats {
			line := one(t, slogspan.Config{Format: format.Format}, record(slog.LevelInfo, "m", slog.Any("k", v)))
			require.Less(t, len(line), slogspan.DefaultLineLimit)
			require.Len(t, readAll(t, format.Format, line), 1, name)
		}
	}
}

type doublyNested struct{}

func (d doublyNested) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("left", d), slog.Any("middle", d), slog.Any("right", d))
}

func TestZeroTime(t *testing.T) {
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	line := one(t, slogspan.Config{}, r)
	assert.NotContains(t, line, `"timeUnixNano"`)
	assert.Regexp(t, `"observedTimeUnixNano":"[1-9]\d{18}"`, line)
	assert.NotContains(t, one(t, slogspan.Config{Format: slogspan.JSON}, r), `"time"`)
}

func TestAddSource(t *testing.T) {
	w := new(lines)
	slog.New(slogspan.NewHandler(w, slogspan.Config{AddSource: true})).WithGroup("g").Info("m", "k", 1)
	r := readOTLP(t, w.list()[0])[0]
	assert.Equal(t, "github.com/edgespan/edgespan/sdk/slogspan_test.TestAddSource", r["code.function.name"])
	assert.Regexp(t, `/handler_test\.go$`, r["code.file.path"])
	assert.Regexp(t, `^\d+$`, r["code.line.number"])
	assert.Equal(t, map[string]any{"k": "1"}, r["g"])

	w = new(lines)
	slog.New(slogspan.NewHandler(w, slogspan.Config{AddSource: true, Format: slogspan.JSON})).Info("m")
	assert.Regexp(t, `"source":\{"function":"[^"]+TestAddSource","file":"[^"]+","line":\d+\}\}$`, strings.TrimSpace(w.list()[0]))

	assert.NotContains(t, one(t, slogspan.Config{AddSource: true}, record(slog.LevelInfo, "no pc")), "code.")
}

func TestReplaceAttr(t *testing.T) {
	var asked []string
	hide := func(groups []string, a slog.Attr) slog.Attr {
		asked = append(asked, strings.Join(append(append([]string{}, groups...), a.Key), "."))
		switch a.Key {
		case slog.TimeKey, "gone":
			return slog.Attr{}
		case slog.LevelKey:
			return slog.String("severity", "NOTICE")
		case slog.MessageKey:
			return slog.String("message", strings.ToUpper(a.Value.String()))
		case "password":
			return slog.String(a.Key, "REDACTED")
		case "panic":
			panic("oh")
		}
		return a
	}
	for _, tt := range []struct {
		format slogspan.Format
		want   string
	}{
		{slogspan.OTLP, otlpStart + `{"observedTimeUnixNano":"1772600767890000001","severityNumber":9,"severityText":"NOTICE","body":{"stringValue":"M"},` +
			`"attributes":[{"key":"password","value":{"stringValue":"REDACTED"}},{"key":"g","value":{"kvlistValue":{"values":[` +
			`{"key":"password","value":{"stringValue":"REDACTED"}},{"key":"h","value":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}},` +
			`{"key":"panic","value":{"stringValue":"!PANIC: oh"}}]}}}]}` + otlpEnd},
		{slogspan.JSON, `{"severity":"NOTICE","message":"M","service.name":"shop","password":"REDACTED",` +
			`"g":{"password":"REDACTED","h":{"a":1},"panic":"!PANIC: oh"}}` + "\n"},
	} {
		asked = nil
		var said []error
		w := new(lines)
		h := holding(w, slogspan.Config{Provider: newProvider(), Format: tt.format, ReplaceAttr: hide,
			OnError: func(err error) { said = append(said, err) }})
		with := h.WithAttrs([]slog.Attr{slog.String("password", "x")}).WithGroup("g")
		require.NoError(t, with.Handle(context.Background(), record(slog.LevelInfo, "m", slog.String("password", "y"),
			slog.Group("h", slog.Int("a", 1), slog.Int("gone", 2)), slog.Group("i", slog.Int("gone", 2)), slog.Int("panic", 1))))
		assert.Equal(t, []string{tt.want}, w.list())
		assert.Equal(t, []string{"password", "time", "level", "msg", "g.password", "g.h.a", "g.h.gone", "g.i.gone", "g.panic"}, asked)
		require.Len(t, said, 1)
		assert.EqualError(t, said[0], "slogspan: panic in Config.ReplaceAttr: oh")
	}
}

// JSON has the same fields as slog.JSONHandler, and those of the span.
func TestLikeJSONHandler(t *testing.T) {
	var ours, theirs bytes.Buffer
	log := func(h slog.Handler) {
		l := slog.New(h)
		l.Info("m", "a", 1, "b", "x\n", "c", []any{1, nil, point{1, 2}}, "d", 2*time.Second, "e", errors.New("bad"), "f", at, "g", map[string]int{"z": 1, "a": 2})
		l.With("h", 1).WithGroup("i").With("j", 2).WithGroup("k").Warn("<m>", slog.Group("l", "m", 1.25, "n", uint64(math.MaxUint64)), "nil", nil, "raw", json.RawMessage(`[1, 2]`))
		l.WithGroup("i").WithGroup("k").Error("none")
		l.WithGroup("i").With("a", 1).WithGroup("k").Error("one", "p", wrapped{})
		l.With("level", 1, "level", 2).Info("twice")
		l.With(slog.Group("", slog.Int("inline", 1))).Info("odd", []any{"missing"}...)
	}
	replace := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "service.name" {
			return slog.Attr{}
		}
		return a
	}
	log(slogspan.NewHandler(&ours, slogspan.Config{Format: slogspan.JSON, ReplaceAttr: replace}))
	log(slog.NewJSONHandler(&theirs, &slog.HandlerOptions{ReplaceAttr: replace}))
	require.Equal(t, theirs.String(), strings.ReplaceAll(ours.String(), `,"service.name":"`+unknownService()+`"`, ``))
}
