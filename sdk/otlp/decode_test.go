package otlp_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

// foreign is a line as other writers make it: with names of enums, with numbers where Edgespan writes strings and the other way
// round, upper case, values that have no kind here, and fields of later versions.
const foreign = ` {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"api"}},` +
	`{"key":"process.pid","value":{"intValue":4711}}],"droppedAttributesCount":0,"entityRefs":[]},"scopeSpans":[{"scope":{"name":"@otel/http","version":"0.57.0","attributes":[]},` +
	`"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"","name":"I\u0027m a\u2028 span","kind":"SPAN_KIND_SERVER",` +
	`"startTimeUnixNano":1544712660000000000,"endTimeUnixNano":"1544712661000000001","flags":"769","droppedAttributesCount":"2","later":{"x":[1,{}]},"attributes":[` +
	`{"key":"int","value":{"intValue":-9007199254740993}},{"key":"exp","value":{"intValue":1.5e3}},{"key":"dbl","value":{"doubleValue":3}},{"key":"nan","value":{"doubleValue":"NaN"}},` +
	`{"key":"inf","value":{"doubleValue":"-Infinity"}},{"key":"bytes","value":{"bytesValue":"AQID/w=="}},` +
	`{"key":"map","value":{"kvlistValue":{"values":[{"key":"a\n","value":{"intValue":"1"}},{"key":"b","value":{"arrayValue":{"values":[{"boolValue":false},{"stringValue":"\u0001"},{"doubleValue":2}]}}},{"key":"c"}]}}},` +
	`{"key":"mixed","value":{"arrayValue":{"values":[{"intValue":"1"},{"doubleValue":1.5},{},null]}}},{"key":"ints","value":{"arrayValue":{"values":[{"intValue":1},{"intValue":"2"}]}}},` +
	`{"key":"none","value":{"arrayValue":{}}},{"key":"empty"},{"key":"null","value":null}],` +
	`"status":{"code":"STATUS_CODE_ERROR","message":"boom"},"events":[{"timeUnixNano":1544712660500000000,"name":"e","attributes":null}],` +
	`"links":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b173","flags":768}]}]},{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b175","kind":99,"traceState":"NOT VALID","status":{"message":"dropped"}}]}]},` +
	`{"scopeSpans":null}]}` + "\n"

func traceID(s string) trace.TraceID {
	id, err := trace.ParseTraceID(s)
	if err != nil {
		panic(err)
	}
	return id
}

func spanID(s string) trace.SpanID {
	id, err := trace.ParseSpanID(s)
	if err != nil {
		panic(err)
	}
	return id
}

func TestDecodeForeign(t *testing.T) {
	id := traceID("5b8efff798038103d269b633813fc60c")
	want := []trace.Batch{{
		Resource: &trace.Resource{Attributes: []trace.Attribute{trace.String("service.name", "api"), trace.Int("process.pid", 4711)}},
		Spans: []trace.SpanData{{
			SpanContext:  trace.SpanContext{TraceID: id, SpanID: spanID("eee19b7ec3c1b174"), TraceFlags: 1},
			ParentRemote: true,
			Name:         "I'm a\u2028 span",
			Kind:         trace.SpanKindServer,
			Start:        1544712660000000000,
			End:          1544712661000000001,
			Status:       trace.Status{Code: trace.StatusError, Description: "boom"},
			Scope:        &trace.Scope{Name: "@otel/http", Version: "0.57.0"},
			Attributes: []trace.Attribute{
				trace.Int64("int", -9007199254740993), trace.Int("exp", 1500), trace.Float64("dbl", 3), trace.Float64("nan", nan), trace.Float64("inf", -inf),
				trace.String("bytes", "AQID/w=="), trace.String("map", `{"a\n":1,"b":[false,"\u0001",2.0],"c":null}`), trace.String("mixed", `[1,1.5,null,null]`),
				trace.Ints("ints", 1, 2), trace.Strings("none"), {Key: "empty"}, {Key: "null"},
			},
			DroppedAttributes: 2,
			Events:            []trace.Event{{Name: "e", Time: 1544712660500000000}},
			Links:             []trace.Link{{SpanContext: trace.SpanContext{TraceID: id, SpanID: spanID("eee19b7ec3c1b173"), Remote: true}}},
		}, {
			SpanContext: trace.SpanContext{TraceID: id, SpanID: spanID("eee19b7ec3c1b175")},
			Scope:       &trace.Scope{},
		}},
	}, {
		Resource: &trace.Resource{},
	}}
	got, err := otlp.Decode([]byte(foreign))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// TestDecodeComputeJS decodes a line of the exporter for log endpoints of @fastly/compute-js-opentelemetry, made by version
// 0.49.1 of OpenTelemetry's transformer, which it uses.
func TestDecodeComputeJS(t *testing.T) {
	got, err := otlp.Decode([]byte(`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop-js"}}],"droppedAttributesCount":0},` +
		`"scopeSpans":[{"scope":{"name":"@fastly/compute-js-opentelemetry/instrumentation-fastly-compute-js","version":"0.1.0"},"spans":[` +
		`{"traceId":"4575d0e116be95e758fc98167c144e64","spanId":"d3e45bee554963f5","parentSpanId":"959ee271a0370549","name":"Backend Fetch","kind":3,` +
		`"startTimeUnixNano":"1795631748446000000","endTimeUnixNano":"1795631748446660727","attributes":[{"key":"http.status_code","value":{"intValue":200}}],` +
		`"droppedAttributesCount":0,"events":[{"attributes":[{"key":"total","value":{"intValue":3}}],"name":"start","timeUnixNano":"1795631748446105619",` +
		`"droppedAttributesCount":0}],"droppedEventsCount":0,"status":{"code":2},"links":[],"droppedLinksCount":0}]}]}]}`))
	require.NoError(t, err)
	require.Len(t, got, 1)
	traceID, err := trace.ParseTraceID("4575d0e116be95e758fc98167c144e64")
	require.NoError(t, err)
	require.Equal(t, []trace.Attribute{trace.String("service.name", "shop-js")}, got[0].Resource.Attributes)
	require.Equal(t, []trace.SpanData{{
		SpanContext:  trace.SpanContext{TraceID: traceID, SpanID: trace.SpanID{0xd3, 0xe4, 0x5b, 0xee, 0x55, 0x49, 0x63, 0xf5}},
		ParentSpanID: trace.SpanID{0x95, 0x9e, 0xe2, 0x71, 0xa0, 0x37, 0x05, 0x49},
		Name:         "Backend Fetch",
		Kind:         trace.SpanKindClient,
		Start:        1795631748446000000,
		End:          1795631748446660727,
		Status:       trace.Status{Code: trace.StatusError},
		Scope:        &trace.Scope{Name: "@fastly/compute-js-opentelemetry/instrumentation-fastly-compute-js", Version: "0.1.0"},
		Attributes:   []trace.Attribute{trace.Int("http.status_code", 200)},
		Events:       []trace.Event{{Name: "start", Time: 1795631748446105619, Attributes: []trace.Attribute{trace.Int("total", 3)}}},
	}}, got[0].Spans)
}

// TestDecodeEnums checks enums by number and by name. A value that does not exist is unspecified.
func TestDecodeEnums(t *testing.T) {
	for text, want := range map[string]trace.SpanKind{
		`1`: 1, `5`: trace.SpanKindConsumer, `6`: 0, `-1`: 0, `-255`: 0, `257`: 0, `"2"`: trace.SpanKindServer, `"SPAN_KIND_UNSPECIFIED"`: 0, `"SPAN_KIND_INTERNAL"`: 1, `"SPAN_KIND_CONSUMER"`: 5,
		`"SPAN_KIND_LATER"`: 0, `null`: 0, `{}`: 0, `1.5`: 0,
	} {
		got, err := otlp.Decode([]byte(span(`"kind":` + text)))
		require.NoError(t, err, text)
		require.Equal(t, want, got[0].Spans[1].Kind, text)
	}
	for text, want := range map[string]trace.StatusCode{`0`: 0, `2`: trace.StatusError, `3`: 0, `-1`: 0, `"STATUS_CODE_OK"`: 1, `"OK"`: 0} {
		got, err := otlp.Decode([]byte(span(`"status":{"code":` + text + `}`)))
		require.NoError(t, err, text)
		require.Equal(t, trace.Status{Code: want}, got[0].Spans[1].Status, text)
	}
}

func TestDecodeNothing(t *testing.T) {
	for _, line := range []string{`{}`, `{"resourceSpans":null}`, `{"resourceSpans":[]}`, `{"resourceLogs":[{"scopeLogs":[]}]}`} {
		got, err := otlp.Decode([]byte(line))
		require.NoError(t, err, line)
		require.Empty(t, got, line)
	}
}

func span(fields string) string {
	return `{"resourceSpans":[{"scopeSpans":[{"spans":[{},{` + fields + `}]}]}]}`
}

var decodeErrors = []struct{ line, want string }{
	{``, `otlp: not JSON: cannot parse empty string; unparsed tail: ""`},
	{`[]`, `otlp: want an object, got a list`},
	{`{"a":[{"b":tru}]}`, `otlp: not JSON: unexpected value found: "tru}]}"; unparsed tail: "tru}]}"`},
	{`{} {}`, `otlp: not JSON: unexpected tail: "{}"`},
	{`{"resourceSpans":{}}`, `otlp: resourceSpans: want a list, got an object`},
	{`{"resourceSpans":[{},7]}`, `otlp: resourceSpans[1]: want an object, got 7`},
	{`{"resourceSpans":[{"resource":"x"}]}`, `otlp: resourceSpans[0]: resource: want an object, got "x"`},
	{`{"resourceSpans":[{"resource":{"attributes":[{"key":1}]}}]}`, `otlp: resourceSpans[0].resource.attributes[0]: key: want a string, got 1`},
	{`{"resourceSpans":[{"scopeSpans":[{"scope":{"version":1.5}}]}]}`, `otlp: resourceSpans[0].scopeSpans[0].scope: version: want a string, got 1.5`},
	{span(`"traceId":"5b8efff798038103d269b633813fc60x"`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: traceId: want 32 hex digits, got "5b8efff798038103d269b633813fc60x"`},
	{span(`"spanId":true`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: spanId: want 16 hex digits, got true`},
	{span(`"parentSpanId":"7uGbfsPBsXQ="`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: parentSpanId: want 16 hex digits, got "7uGbfsPBsXQ="`},
	{span(`"startTimeUnixNano":"-1"`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: startTimeUnixNano: want nanoseconds since 1970, got "-1"`},
	{span(`"endTimeUnixNano":"9223372036854775808"`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: endTimeUnixNano: want a 64-bit integer, got "9223372036854775808"`},
	{span(`"droppedLinksCount":4294967296`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: droppedLinksCount: want an integer of 32 bits, got 4294967296`},
	{span(`"status":{"message":[]}`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].status: message: want a string, got a list`},
	{span(`"events":[{"timeUnixNano":"soon"}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].events[0]: timeUnixNano: want a 64-bit integer, got "soon"`},
	{span(`"links":[{"traceId":"01"}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].links[0]: traceId: want 32 hex digits, got "01"`},
	{span(`"attributes":[{"key":"k","value":{"intValue":1.5}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value: intValue: want a 64-bit integer, got 1.5`},
	{span(`"attributes":[{"key":"k","value":{"boolValue":"true"}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value: boolValue: want true or false, got "true"`},
	{span(`"attributes":[{"key":"k","value":{"arrayValue":{"values":[{"doubleValue":1},{"doubleValue":"x"}]}}}]`),
		`otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.values[1]: doubleValue: want a number, got "x"`},
	{span(`"attributes":[{"key":"k","value":7}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0]: value: want an object, got 7`},
	{span(`"attributes":[{"key":"k","value":{"doubleValue":true}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value: doubleValue: want a number, got true`},
	{span(`"attributes":[{"key":"k","value":{"doubleValue":"1e999"}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value: doubleValue: want a number, got "1e999"`},
	{span(`"attributes":[{"key":"k","value":{"arrayValue":7}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value: arrayValue: want an object, got 7`},
	{span(`"attributes":[{"key":"k","value":{"arrayValue":{"values":7}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.arrayValue: values: want a list, got 7`},
	{span(`"attributes":[{"key":"k","value":{"kvlistValue":{"values":7}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.kvlistValue: values: want a list, got 7`},
	{span(`"attributes":[{"key":"k","value":{"kvlistValue":{"values":[{"key":7}]}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.values[0]: key: want a string, got 7`},
	{span(`"attributes":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}},{"key":"b","value":{"intValue":{}}}]}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.values[1]: intValue: want a 64-bit integer, got an object`},
	{span(`"attributes":[{"key":"k","value":{"arrayValue":{"values":[{"arrayValue":{}},5]}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.values[1]: want an object, got 5`},
	{span(`"attributes":[{"key":"k","value":{"arrayValue":{"values":[{"arrayValue":{"values":["x"]}}]}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.values[0].values[0]: want an object, got "x"`},
	{span(`"attributes":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"a"},5]}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.values[1]: want an object, got 5`},
	{span(`"attributes":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"a","value":[]}]}}}]`), `otlp: resourceSpans[0].scopeSpans[0].spans[1].attributes[0].value.values[0]: value: want an object, got a list`},
	{`{"resourceSpans":[{"scopeSpans":[{"scope":7}]}]}`, `otlp: resourceSpans[0].scopeSpans[0]: scope: want an object, got 7`},
	{span(`"name":{"` + strings.Repeat("x", 1000) + `":1}`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: name: want a string, got an object`},
	{span(`"kind":1,"traceId":"` + strings.Repeat("é", 1000) + `"`), `otlp: resourceSpans[0].scopeSpans[0].spans[1]: traceId: want 32 hex digits, got "` +
		strings.Repeat("é", 19) + "\uFFFD…\uFFFD" + strings.Repeat("é", 19) + `"`},
}

func TestDecodeErrors(t *testing.T) {
	for _, tt := range decodeErrors {
		got, err := otlp.Decode([]byte(tt.line))
		require.EqualError(t, err, tt.want, tt.line)
		require.Nil(t, got)
	}
}

func TestDecodeNesting(t *testing.T) {
	nested := func(depth int) []byte {
		const open, end = `{"arrayValue":{"values":[`, `]}}`
		return []byte(span(`"attributes":[{"key":"k","value":` + strings.Repeat(open, depth) + strings.Repeat(end, depth) + `}]`))
	}
	got, err := otlp.Decode(nested(90))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("[", 90)+strings.Repeat("]", 90), got[0].Spans[1].Attributes[0].Value.Str())

	_, err = otlp.Decode(nested(100_000))
	require.ErrorContains(t, err, "too big depth for the nested JSON; it exceeds 300")
	require.Less(t, len(err.Error()), 400)
	_, err = otlp.Decode(bytes.Repeat([]byte("["), 1<<20))
	require.Error(t, err)
}

func TestDecodeSurrogates(t *testing.T) {
	for text, want := range map[string]string{
		`\ud834\udd1e`:          "𝄞",
		`\uD834\uDD1E`:          "𝄞",
		`\ud834`:                "\uFFFD",
		`\udd1e`:                "\uFFFD",
		`\ud834x`:               "\uFFFDx",
		`\ud834\u0041`:          "\uFFFDA",
		`\ud834\ud834\udd1e`:    "\uFFFD𝄞",
		`\udd1e\ud834`:          "\uFFFD\uFFFD",
		`\\ud834`:               `\ud834`,
		`\\\ud834\\udd1e`:       `\` + "\uFFFD" + `\udd1e`,
		`\"\ud834\"`:            "\"\uFFFD\"",
		"\xed\xa0\xb4 raw \xff": "\uFFFD\uFFFD\uFFFD raw \uFFFD",
	} {
		got, err := otlp.Decode([]byte(span(`"name":"` + text + `"`)))
		require.NoError(t, err, text)
		require.Equal(t, want, got[0].Spans[1].Name, text)
	}
}

// TestTraceStates checks that every trace state that the tracer makes can be read back.
func TestTraceStates(t *testing.T) {
	var members []string
	for c := 'a'; c < 'a'+16; c++ {
		members = append(members, string(c)+"="+strings.Repeat("v", 253))
	}
	state, err := trace.ParseTraceState(members...)
	require.NoError(t, err)
	for _, value := range []string{"th:8", strings.Repeat("x", 256)} {
		longer, err := state.With("ot", value)
		require.NoError(t, err)
		require.Equal(t, value, longer.Get("ot"))
		b := &trace.Batch{Spans: with(func(d *trace.SpanData) { d.SpanContext.TraceState = longer })}
		got, err := otlp.Decode(new(otlp.Encoder).Append(nil, b))
		require.NoError(t, err)
		require.Equal(t, b.Spans, got[0].Spans)
	}
}

// TestDecodeSharesNothing decodes another line with the same parser, and overwrites the first line.
func TestDecodeSharesNothing(t *testing.T) {
	line := []byte(foreign)
	first, err := otlp.Decode(line)
	require.NoError(t, err)
	want, err := otlp.Decode([]byte(foreign))
	require.NoError(t, err)
	for i := range line {
		line[i] = 'x'
	}
	for range 10 {
		_, err = otlp.Decode(bytes.ReplaceAll([]byte(foreign), []byte("e19b"), []byte("ffff")))
		require.NoError(t, err)
	}
	require.Equal(t, want, first)
}
