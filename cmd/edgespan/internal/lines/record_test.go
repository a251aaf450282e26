package lines

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/trace"
)

const (
	otlpLine   = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET /"}]}]}]}`
	otherOrder = `{"schema":"x","resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET /"}]}]}]}`
	logLine    = `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"5","severityNumber":9,"body":{"stringValue":"hi"},"attributes":[{"key":"n","value":{"intValue":"3"}}],"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"},{"body":{"stringValue":"no trace"}}]}]}]}`
	appLine    = `{"time":"2023-11-14T22:13:20Z","level":"warn","msg":"hi","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","n":3,"f":2.5,"b":true,"o":{"x":1}}`
	oddNumbers = `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","msg":"hi","a":1e999,"b":-1e999,"c":nan,"d":1e400}`
)

// The formats of sdk/compact.
var (
	compactLine  = lineOf(compact.Append)
	honeyLine    = lineOf(compact.AppendHoneycomb)
	bigQueryLine = lineOf(compact.AppendBigQuery)
)

func lineOf(format func(dst []byte, b *trace.Batch) []byte) string {
	id, _ := trace.ParseTraceID("4bf92f3577b34da6a3ce929d0e0e4736")
	return string(format(nil, &trace.Batch{Spans: []trace.SpanData{{
		SpanContext: trace.SpanContext{TraceID: id, SpanID: trace.SpanID{1}}, Name: "GET /", Start: 1_000_000, End: 2_000_000,
		Attributes: []trace.Attribute{trace.String("a", "\"}")},
	}}}))
}

func TestParseFindsSpans(t *testing.T) {
	for name, line := range map[string]string{
		"alone":                         otlpLine,
		"other key first":               otherOrder,
		"local host":                    "otlp_logs :: " + otlpLine,
		"log-tail":                      "stdout | 1b4f3c2a | " + otlpLine,
		"log-tail with times":           "2026-11-25T18:00:00Z | stdout | 1b4f3c2a | " + otlpLine,
		"array, after a prefix":         "stdout | 1b4f3c2a | [" + otlpLine + "]",
		"syslog":                        "<134>2026-01-01T00:00:00Z cache-ams1 otlp_logs[1]: " + otlpLine,
		"prefix with braces":            "{request 7} otlp_logs :: " + otlpLine,
		"prefix that looks like a list": "[INFO] " + otlpLine,
		"colours":                       "\x1b[32motlp_logs\x1b[0m :: " + otlpLine + "\x1b[0m",
		"white space":                   " \t" + otlpLine + " \r",
		"array":                         "[" + otlpLine + "]",
		"compact":                       compactLine,
		"compact, prefix":               "spans :: " + compactLine,
		"Honeycomb":                     honeyLine,
		"Honeycomb, prefix":             "spans :: " + honeyLine,
		"BigQuery":                      bigQueryLine,
		"BigQuery, prefix":              "spans :: " + bigQueryLine,
	} {
		t.Run(name, func(t *testing.T) {
			r := Parse([]byte(line))
			require.Equal(t, Spans, r.Kind, "%v", r.Err)
			require.Len(t, r.Batches, 1)
			require.Len(t, r.Batches[0].Spans, 1)
			assert.Equal(t, "GET /", r.Batches[0].Spans[0].Name)
			assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", r.Batches[0].Spans[0].SpanContext.TraceID.String())
			require.Len(t, r.Objects, 1)
			assert.True(t, json.Valid(r.Objects[0].Text), "%s", r.Objects[0].Text)
			assert.Equal(t, 1, r.Objects[0].Items)
		})
	}
}

func TestParseTellsOfALineThatIsCutOff(t *testing.T) {
	for _, whole := range []string{otlpLine, "otlp_logs :: " + otherOrder, compactLine, honeyLine, bigQueryLine, logLine, "[" + otlpLine + "," + otlpLine + "]"} {
		for _, cut := range []int{1, 2, 9, 40} {
			r := Parse([]byte(whole[:len(whole)-cut]))
			if r.Kind == Spans { // a part of an array that only lacks its end
				continue
			}
			require.Equal(t, Broken, r.Kind, whole[:len(whole)-cut])
			assert.ErrorIs(t, r.Err, errCut)
		}
	}
	r := Parse([]byte(strings.Replace(otlpLine, `"GET /"`, `GET /}`, 1)))
	require.Equal(t, Broken, r.Kind)
	assert.NotErrorIs(t, r.Err, errCut, "it is broken in some other way")
}

func TestParseFindsLogs(t *testing.T) {
	id, _ := trace.ParseTraceID("4bf92f3577b34da6a3ce929d0e0e4736")
	span, _ := trace.ParseSpanID("00f067aa0ba902b7")
	assert.Equal(t, []Log{{
		TraceID: id, SpanID: span, Time: 5, Severity: "INFO", Body: "hi", Service: "shop",
		Attributes: []trace.Attribute{trace.Int("n", 3)},
	}}, parseLogs(t, "logs :: "+logLine, 2))
	assert.Equal(t, []Log{{
		TraceID: id, SpanID: span, Time: time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC).UnixNano(), Severity: "WARN", Body: "hi",
		Attributes: []trace.Attribute{trace.Int("n", 3), trace.Float64("f", 2.5), trace.Bool("b", true), trace.String("o", `{"x":1}`)},
	}}, parseLogs(t, "stderr | 1b4f3c2a | "+appLine, 1))
}

// A number that is too large could not be written as a JSON number again.
func TestParseKeepsNumbersThatAreNoneAsText(t *testing.T) {
	assert.Equal(t, []trace.Attribute{trace.String("a", "1e999"), trace.String("b", "-1e999"), trace.String("c", "nan"), trace.String("d", "1e400")},
		parseLogs(t, oddNumbers, 1)[0].Attributes)
}

func TestParseShowsWhatIsLoggedAsTheJSONThatItStandsFor(t *testing.T) {
	for value, want := range map[string]trace.Attribute{
		`{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}},{"key":"b","value":{"kvlistValue":{"values":[{"key":"c","value":{"intValue":"3"}}]}}}]}}`: trace.String("v", `{"a":true,"b":{"c":3}}`),
		`{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"x"},{"doubleValue":2.5},{}]}}`:                                                                   trace.String("v", `[1,"x",2.5,null]`),
		`{"kvlistValue":{}}`:          trace.String("v", `{}`),
		`{"doubleValue":"NaN"}`:       trace.String("v", "NaN"),
		`{"intValue":"no number"}`:    trace.String("v", "no number"),
		`{"boolValue":false}`:         trace.Bool("v", false),
		`{"bytesValue":"aGk="}`:       trace.String("v", "aGk="),
		`{}`:                          trace.String("v", ""),
		`{"kvlistValue":"no list"}`:   trace.String("v", `{}`),
		`{"stringValue":"{\"a\":1}"}`: trace.String("v", `{"a":1}`),
	} {
		logs := parseLogs(t, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","body":`+value+
			`,"attributes":[{"key":"v","value":`+value+`}]}]}]}]}`, 1)
		assert.Equal(t, []trace.Attribute{want}, logs[0].Attributes, "%s", value)
		if want.Value.Kind() == trace.KindString {
			assert.Equal(t, want.Value.Str(), logs[0].Body, "%s", value)
		}
	}
}

func parseLogs(t *testing.T, line string, items int) []Log {
	t.Helper()
	r := Parse([]byte(line))
	require.Equal(t, Logs, r.Kind)
	require.Len(t, r.Objects, 1)
	assert.Equal(t, items, r.Objects[0].Items, "those without a trace count")
	return r.Logs
}

func TestParseTakesALineWithoutAMessageAsOne(t *testing.T) {
	line := `{"event":"hit","data":{"n":1},"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7"}`
	r := Parse([]byte(line))
	require.Equal(t, Logs, r.Kind)
	assert.Equal(t, line, r.Logs[0].Body)
}

func TestParseLeavesOtherLines(t *testing.T) {
	for line, want := range map[string]Kind{
		"":                             Blank,
		" \t":                          Blank,
		"hello":                        Text,
		"{not json}":                   Text,
		`{"level":"info"}`:             Text,
		`[1,2]`:                        Text,
		`[INFO]`:                       Text,
		`{"resourceMetrics":[]}`:       Text,
		`"resourceSpans" is a key`:     Text,
		`{"trace_id":"4bf9","n":1}`:    Text,
		`resourceSpans trace_id span`:  Text,
		`{"resourceSpans":[]}`:         Spans, // empty, but valid
		`{"resourceSpans":[{"resource`: Broken,
		`{"resourceSpans":7}`:          Broken,
		`otlp_logs :: {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz"}]}]}]}`: Broken,
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":`:                      Broken,
		`[{"resourceSpans":7}]`: Broken,
	} {
		r := Parse([]byte(line))
		assert.Equal(t, want, r.Kind, "%q", line)
		assert.Equal(t, want == Broken, r.Err != nil, "%q", line)
		assert.Equal(t, want == Broken, len(r.Unread) == 1, "%q", line)
	}
}

func TestParseKeepsTheGoodElementsOfAnArray(t *testing.T) {
	r := Parse([]byte(`[{"resourceSpans":7},` + otlpLine + `,3,` + compactLine + `]`))
	assert.Equal(t, Spans, r.Kind)
	assert.Len(t, r.Batches, 2)
	assert.Equal(t, [][]byte{[]byte(`{"resourceSpans":7}`)}, r.Unread)
	assert.ErrorContains(t, r.Err, "element 0: ")
	assert.Equal(t, r.Batches, Parse([]byte("logs :: ["+otlpLine+", "+compactLine+"]")).Batches, "after a prefix")
	require.Len(t, r.Objects, 2)
	assert.Equal(t, otlpLine, string(r.Objects[0].Text))
	assert.Equal(t, compactLine, string(r.Objects[1].Text))
}

// A line of tiny values takes hundreds of times its length in memory.
func TestParseBoundsTheValuesOfALine(t *testing.T) {
	before, after, _ := strings.Cut(otlpLine, `"name"`)
	line := before + `"attributes":[` + strings.Repeat("{},", 700_000) + `{}],"name"` + after
	assert.Equal(t, Record{Kind: Broken, Unread: [][]byte{[]byte(line)}, Err: errValues}, Parse([]byte(line)))
	line = before + `"attributes":[` + strings.Repeat("{},", 70_000) + strings.Repeat(" ", 3_000_000) + `{}],"name"` + after
	assert.Equal(t, Spans, Parse([]byte(line)).Kind)
}

// The time to read a line grows with its length, not with the square. Each of these lines once took minutes.
func TestParseTakesNoLongerForWhatIsNested(t *testing.T) {
	deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
	assert.Equal(t, Text, Parse([]byte(deep)).Kind)
	nested := strings.Repeat("[", 250) + strings.Repeat(" ", 2_000_000) + otlpLine + strings.Repeat("]", 250)
	assert.Equal(t, Spans, Parse([]byte(nested)).Kind)
	var members strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&members, `,{"key":"k%06d"}`, i)
	}
	line := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","body":{"kvlistValue":{"values":[` +
		members.String()[1:] + `]}}}]}]}]}`
	assert.Len(t, parseLogs(t, line, 1)[0].Body, 200_000*len(`"k000000":null,`)+len(`{}`)-1)
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{otlpLine, otherOrder, compactLine, honeyLine, bigQueryLine, logLine, appLine, oddNumbers, "[" + otlpLine + "]", "otlp_logs :: {" + otlpLine} {
		f.Add([]byte(line))
		f.Add([]byte(line[:len(line)/2]))
		f.Add([]byte(strings.ReplaceAll(line, `"`, `\"`)))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		before := string(line)
		r := Parse(line)
		assert.Equal(t, before, string(line))
		assert.Equal(t, r.Err != nil, len(r.Unread) > 0)
		assert.Equal(t, r.Kind == Broken, r.Err != nil && r.Objects == nil)
		for _, l := range r.Logs {
			assert.True(t, l.TraceID.IsValid())
		}
		for _, o := range r.Objects {
			assert.Contains(t, before, string(o.Text))
		}
	})
}
