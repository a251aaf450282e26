package compact_test

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

func equal(a, b trace.SpanData) bool { return reflect.DeepEqual(a, b) }

func TestDecode(t *testing.T) {
	for _, tt := range lines {
		t.Run(tt.name, func(t *testing.T) {
			want := *tt.batch
			want.Spans = []trace.SpanData{tt.batch.Spans[0].Clone()}
			if want.Resource == nil {
				want.Resource = &trace.Resource{}
			}
			if tt.name == "any bytes" {
				want.Spans[0].Name = "a\"\\\n\x00\u2028\uFFFD"
			}
			for _, line := range []string{tt.compact, tt.honeycomb, string(compact.AppendBigQuery(nil, tt.batch))} {
				got, err := compact.Decode([]byte(line))
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
		})
	}
}

const ids = `"trace_id":"4BF92F3577B34DA6A3CE929D0E0E4736","span_id":"0000000000000001"`

// TestDecodeForeign decodes forms that Append never writes.
func TestDecodeForeign(t *testing.T) {
	got, err := compact.Decode([]byte(` {` + ids + `,"parent_span_id":null,"start_time_ms":1.5e3,"duration_ms":0.0000019,"kind":"robot","status":"?","trace_flags":"1",` +
		`"trace_state":"NOT VALID","attributes":{"object":{"a\n":[1,2.50,"\u0001",null,true],"b":{},"c":false,"d":1e2},"mixed":[1,"a"],"numbers":[1,2.5],"infinite":["Infinity",-1,"-Infinity"],"strings":["NaN","NaN"],"empty":[],` +
		`"big":99999999999999999999,"exp":1E2,"null":null},"data":{},"later":[{}]}` + "\n"))
	require.NoError(t, err)
	require.Equal(t, trace.Batch{Resource: &trace.Resource{}, Spans: []trace.SpanData{{
		SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID, TraceFlags: 1},
		Start:       1_500_000_000,
		End:         1_500_000_001,
		Attributes: []trace.Attribute{
			trace.String("object", `{"a\n":[1,2.5,"\u0001",null,true],"b":{},"c":false,"d":100.0}`), trace.String("mixed", `[1,"a"]`), trace.Float64s("numbers", 1, 2.5),
			trace.Float64s("infinite", math.Inf(1), -1, math.Inf(-1)),
			trace.Strings("strings", "NaN", "NaN"), trace.Strings("empty"), trace.Float64("big", 1e20), trace.Float64("exp", 100), {Key: "null"},
		},
	}}}, got)
}

// The end takes precedence over the duration, which is there for SQL and is all that Honeycomb's lines have.
func TestDecodeEnd(t *testing.T) {
	for line, end := range map[string]int64{
		`"end_time_ms":3`:                   3_000_000,
		`"end_time_ms":3,"duration_ms":7`:   3_000_000,
		`"duration_ms":7`:                   8_000_000,
		`"end_time_ms":null`:                0,
		`"end_time_ms":0,"duration_ms":0.5`: 1_500_000,
	} {
		got, err := compact.Decode([]byte(`{` + ids + `,"start_time_ms":1,` + line + `}`))
		require.NoError(t, err)
		require.Equal(t, end, got.Spans[0].End, line)
	}
}

func TestDecodeHoneycombForeign(t *testing.T) {
	got, err := compact.Decode([]byte(`{"samplerate":2,"time":"2023-11-14T23:13:20+01:00","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"0000000000000001",` +
		`"duration_ms":1,"error":"yes","meta.signal_type":"trace"}}`))
	require.NoError(t, err)
	require.Equal(t, trace.Batch{Resource: &trace.Resource{}, Spans: []trace.SpanData{{
		SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID},
		Start:       1_700_000_000_000_000_000,
		End:         1_700_000_000_001_000_000,
		Attributes:  []trace.Attribute{trace.String("meta.signal_type", "trace")},
	}}}, got)
}

var decodeErrors = []struct{ line, want string }{
	{``, `compact: not JSON: cannot parse empty string; unparsed tail: ""`},
	{`"x"`, `compact: want an object, got "x"`},
	{`{}`, `compact: trace_id: want hex digits, got nothing`},
	{`{"resourceSpans":[]}`, `compact: trace_id: want hex digits, got nothing`},
	{`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}`, `compact: span_id: want hex digits, got nothing`},
	{`{"trace_id":"4bf9"}`, `compact: trace_id: want 32 hex digits, got "4bf9"`},
	{`{` + ids + `,"start_time_ms":"1"}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got "1"`},
	{`{` + ids + `,"start_time_ms":1-2}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got 1-2`},
	{`{` + ids + `,"start_time_ms":.5}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got .5`},
	{`{` + ids + `,"end_time_ms":9223372036854.775808}`, `compact: end_time_ms: want milliseconds between the years 1678 and 2262, got 9223372036854.775808`},
	{`{` + ids + `,"end_time_ms":-9223372036854.775809}`, `compact: end_time_ms: want milliseconds between the years 1678 and 2262, got -9223372036854.775809`},
	{`{` + ids + `,"end_time_ms":99999999999999999999999}`, `compact: end_time_ms: want milliseconds between the years 1678 and 2262, got 99999999999999999999999`},
	{`{` + ids + `,"start_time_ms":9223372036854.775807,"duration_ms":0.000001}`, `compact: duration_ms: want milliseconds between the years 1678 and 2262, got 0.000001`},
	{`{` + ids + `,"start_time_ms":1.2-3}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got 1.2-3`},
	{`{` + ids + `,"start_time_ms":1e99}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got 1e99`},
	{`{` + ids + `,"start_time_ms":18446744073709.551616}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got 18446744073709.551616`},
	{`{` + ids + `,"start_time_ms":18446744073710}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got 18446744073710`},
	{`{` + ids + `,"start_time_ms":1e}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got 1e`},
	{`{` + ids + `,"start_time_ms":"1","end_time_ms":"2"}`, `compact: start_time_ms: want milliseconds between the years 1678 and 2262, got "1"`},
	{`{"data":7}`, `compact: trace_id: want hex digits, got nothing`},
	{`{"data":{}}`, `compact: data: trace.trace_id: want hex digits, got nothing`},
	{`{"data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}}`, `compact: data: trace.span_id: want hex digits, got nothing`},
	{`{"time":7,"data":{}}`, `compact: time: want a string, got 7`},
	{`{` + ids + `,"attributes":[]}`, `compact: attributes: want an object, got a list`},
	{`{` + ids + `,"attributes":{"k":nan}}`, `compact: attributes: k: want a number, got nan`},
	{`{` + ids + `,"attributes":{"k":nan,"l":1e999,"m":1}}`, `compact: attributes: k: want a number, got nan`},
	{`{"data":{"trace.trace_id":"","trace.span_id":"","k":nan,"l":1e999,"m":1}}`, `compact: data: k: want a number, got nan`},
	{`{` + ids + `,"attributes":{"k":{"a":1e999,"b":1}}}`, `compact: attributes: k: want JSON, got an object`},
	{`{` + ids + `,"attributes":{"k":[1,{"a":1e999}]}}`, `compact: attributes: k: want JSON, got a list`},
	{`{` + ids + `,"attributes":"{\"k\":1e999}"}`, `compact: attributes: k: want a number, got 1e999`},
	{`{` + ids + `,"attributes":"[]"}`, `compact: attributes: want an object, got a list`},
	{`{` + ids + `,"events":"[{]"}`, `compact: events: want JSON in a string, got "[{]"`},
	{`{` + ids + `,"resource":7}`, `compact: resource: want an object, got 7`},
	{`{` + ids + `,"parent_remote":1}`, `compact: parent_remote: want true or false, got 1`},
	{`{` + ids + `,"events":[{},{"time_ms":true}]}`, `compact: events[1]: time_ms: want milliseconds between the years 1678 and 2262, got true`},
	{`{` + ids + `,"links":[{` + ids + `},{}]}`, `compact: links[1]: trace_id: want hex digits, got nothing`},
	{`{` + ids + `,"links":[{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}]}`, `compact: links[0]: span_id: want hex digits, got nothing`},
	{`{` + ids + `,"scope":{"name":1}}`, `compact: scope: name: want a string, got 1`},
	{`{"time":"yesterday","data":{}}`, `compact: time: want a time as of RFC 3339, got "yesterday"`},
	{`{"time":"9999-01-01T00:00:00Z","data":{}}`, `compact: time: want a time as of RFC 3339, got "9999-01-01T00:00:00Z"`},
	{`{"data":{"trace.trace_id":1}}`, `compact: data: trace.trace_id: want 32 hex digits, got 1`},
	{`{"data":{"trace.trace_id":"","trace.span_id":"","resource.x":1e999}}`, `compact: data: x: want a number, got 1e999`},
}

func TestDecodeErrors(t *testing.T) {
	for _, tt := range decodeErrors {
		got, err := compact.Decode([]byte(tt.line))
		require.EqualError(t, err, tt.want, tt.line)
		require.Zero(t, got)
	}
}

func TestDecodeNesting(t *testing.T) {
	_, err := compact.Decode([]byte(`{` + ids + `,"attributes":{"k":` + strings.Repeat("[", 100_000) + `}}`))
	require.ErrorContains(t, err, "compact: not JSON: too big depth")
}

func TestDecodeSharesNothing(t *testing.T) {
	line := []byte(lines[0].compact)
	first, err := compact.Decode(line)
	require.NoError(t, err)
	clear(line)
	for range 10 {
		_, err = compact.Decode(bytes.ReplaceAll([]byte(lines[0].compact), []byte("items"), []byte("ITEMS")))
		require.NoError(t, err)
	}
	require.Equal(t, *full(), first)
}

// TestTimesSurvive checks that the decimal fraction is exact where a float64 is not.
func TestTimesSurvive(t *testing.T) {
	for _, start := range []int64{math.MinInt64, math.MinInt64 + 1, -1_000_001, -1_000_000, -999_999, -1, 0, 1, 999_999, 1_000_000, 1_000_001, 1_700_000_000_123_456_789, math.MaxInt64} {
		for _, end := range []int64{math.MinInt64, -1, 0, 1, 1_700_000_000_123_456_790, math.MaxInt64} {
			b := sparse()
			b.Spans[0].Start, b.Spans[0].End = start, end
			for _, format := range formats {
				line := format.append(nil, b)
				got, err := compact.Decode(line)
				require.NoError(t, err, "%s", line)
				require.Equal(t, [2]int64{start, end}, [2]int64{got.Spans[0].Start, got.Spans[0].End}, "%s", line)
			}
		}
	}
}
