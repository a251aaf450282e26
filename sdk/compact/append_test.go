package compact_test

import (
	"math"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

var (
	traceID = trace.TraceID{0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36}
	spanID  = trace.SpanID{0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7}
	childID = trace.SpanID{0, 0, 0, 0, 0, 0, 0, 1}
	shop    = trace.NewResource([]trace.Attribute{trace.String("service.name", "shop"), trace.String("cloud.region", "EU")})
)

// full has everything that a span can have, and sparse has nothing.
func full() *trace.Batch {
	state, err := trace.ParseTraceState("ot=th:8,vendor=a")
	if err != nil {
		panic(err)
	}
	return &trace.Batch{Resource: shop, Spans: []trace.SpanData{{
		SpanContext:  trace.SpanContext{TraceID: traceID, SpanID: spanID, TraceFlags: trace.FlagSampled | trace.FlagRandom, TraceState: state},
		ParentSpanID: trace.SpanID{7},
		ParentRemote: true,
		Name:         "GET /items/{id}",
		Kind:         trace.SpanKindServer,
		Start:        1_700_000_000_000_250_000,
		End:          1_700_000_000_012_500_001,
		Status:       trace.Status{Code: trace.StatusError, Description: "no \"stock\""},
		Scope:        &trace.Scope{Name: "lib", Version: "1.2"},
		Attributes: []trace.Attribute{
			trace.String("http.route", "/items/{id}"), trace.Bool("hit", true), trace.Int("http.response.status_code", 500), trace.Float64("ratio", 1),
			trace.Strings("strings", "a", "b"), trace.Bools("bools", true, false), trace.Ints("ints", 1, -2), trace.Float64s("floats", 1, 0.5, math.NaN()),
			{Key: "empty"},
		},
		Events: []trace.Event{
			{Name: "first", Time: 1_700_000_000_001_000_000},
			{Name: "second", Time: 1_700_000_000_001_000_100, Attributes: []trace.Attribute{trace.Int("n", 1)}, DroppedAttributes: 1},
		},
		Links: []trace.Link{
			{SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID}},
			{SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID, TraceFlags: 1, Remote: true, TraceState: state},
				Attributes: []trace.Attribute{trace.String("why", "retry")}, DroppedAttributes: 2},
		},
		DroppedAttributes: 3,
		DroppedEvents:     4,
		DroppedLinks:      5,
	}}}
}

func sparse() *trace.Batch {
	return &trace.Batch{Spans: []trace.SpanData{{SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID}, ParentSpanID: spanID}}}
}

func linked() *trace.Batch {
	return &trace.Batch{Spans: []trace.SpanData{{SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID},
		Links: []trace.Link{{Attributes: []trace.Attribute{trace.String("why", "retry")}}}}}}
}

// lines holds each span as both functions write it.
var lines = []struct {
	name               string
	batch              *trace.Batch
	compact, honeycomb string
}{
	{"full", full(),
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","parent_span_id":"0700000000000000","parent_remote":true,` +
			`"trace_state":"ot=th:8,vendor=a","trace_flags":3,"name":"GET /items/{id}","kind":"server","start_time_ms":1700000000000.25,` +
			`"end_time_ms":1700000000012.500001,"duration_ms":12.250001,"status":"error","status_description":"no \"stock\"","attributes":{` +
			`"http.route":"/items/{id}","hit":true,"http.response.status_code":500,"ratio":1.0,"strings":["a","b"],"bools":[true,false],"ints":[1,-2],` +
			`"floats":[1.0,0.5,"NaN"],"empty":null},"dropped_attributes":3,"events":[{"name":"first","time_ms":1700000000001},` +
			`{"name":"second","time_ms":1700000000001.0001,"attributes":{"n":1},"dropped_attributes":1}],"dropped_events":4,` +
			`"links":[{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001"},` +
			`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","remote":true,"trace_state":"ot=th:8,vendor=a","trace_flags":1,` +
			`"attributes":{"why":"retry"},"dropped_attributes":2}],"dropped_links":5,"scope":{"name":"lib","version":"1.2"},` +
			`"resource":{"service.name":"shop","cloud.region":"EU"}}`,
		`{"time":"2023-11-14T22:13:20.00025Z","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"00f067aa0ba902b7",` +
			`"trace.parent_id":"0700000000000000","parent_remote":true,"trace_state":"ot=th:8,vendor=a","trace_flags":3,"name":"GET /items/{id}","kind":"server",` +
			`"duration_ms":12.250001,"status":"error","status_description":"no \"stock\"","error":true,"service.name":"shop","resource.cloud.region":"EU",` +
			`"http.route":"/items/{id}","hit":true,"http.response.status_code":500,"ratio":1.0,"strings":["a","b"],"bools":[true,false],"ints":[1,-2],` +
			`"floats":[1.0,0.5,"NaN"],"empty":null,"dropped_attributes":3,"events":[{"name":"first","time_ms":1700000000001},` +
			`{"name":"second","time_ms":1700000000001.0001,"attributes":{"n":1},"dropped_attributes":1}],"dropped_events":4,` +
			`"links":[{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001"},` +
			`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","remote":true,"trace_state":"ot=th:8,vendor=a","trace_flags":1,` +
			`"attributes":{"why":"retry"},"dropped_attributes":2}],"dropped_links":5,"scope":{"name":"lib","version":"1.2"}},"samplerate":2}`,
	},
	{"open, without a name", sparse(),
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","parent_span_id":"00f067aa0ba902b7","name":"","kind":"unspecified",` +
			`"start_time_ms":0,"status":"unset","attributes":{}}`,
		`{"time":"1970-01-01T00:00:00Z","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"0000000000000001",` +
			`"trace.parent_id":"00f067aa0ba902b7","name":"","kind":"unspecified","status":"unset"}}`,
	},
	{"an empty resource", &trace.Batch{Resource: new(trace.Resource), Spans: sparse().Spans},
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","parent_span_id":"00f067aa0ba902b7","name":"","kind":"unspecified",` +
			`"start_time_ms":0,"status":"unset","attributes":{}}`,
		`{"time":"1970-01-01T00:00:00Z","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"0000000000000001",` +
			`"trace.parent_id":"00f067aa0ba902b7","name":"","kind":"unspecified","status":"unset"}}`,
	},
	{"a link to no span", linked(),
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","name":"","kind":"unspecified","start_time_ms":0,"status":"unset","attributes":{},` +
			`"links":[{"trace_id":"00000000000000000000000000000000","span_id":"0000000000000000","attributes":{"why":"retry"}}]}`,
		`{"time":"1970-01-01T00:00:00Z","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"0000000000000001","name":"","kind":"unspecified",` +
			`"status":"unset","links":[{"trace_id":"00000000000000000000000000000000","span_id":"0000000000000000","attributes":{"why":"retry"}}]}}`,
	},
	{"any bytes", &trace.Batch{Spans: []trace.SpanData{{SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID}, Name: "a\"\\\n\x00\u2028\xff",
		Kind: trace.SpanKindClient, Start: 1, End: 2, Attributes: []trace.Attribute{trace.String("", "\x1f"), trace.String("k\"\n", "</script>é𝄞")}}}},
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","name":"a\"\\\n\u0000\u2028` + "\uFFFD" + `","kind":"client",` +
			`"start_time_ms":0.000001,"end_time_ms":0.000002,"duration_ms":0.000001,"status":"unset","attributes":{"":"\u001f","k\"\n":"</script>é𝄞"}}`,
		`{"time":"1970-01-01T00:00:00.000000001Z","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"0000000000000001",` +
			`"name":"a\"\\\n\u0000\u2028` + "\uFFFD" + `","kind":"client","duration_ms":0.000001,"status":"unset","":"\u001f","k\"\n":"</script>é𝄞"}}`,
	},
	{"a clock that goes backwards", &trace.Batch{Spans: []trace.SpanData{{SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID},
		Kind: trace.SpanKindInternal, Start: math.MaxInt64, End: math.MinInt64, Status: trace.Status{Code: trace.StatusOK}}}},
		`{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","name":"","kind":"internal","start_time_ms":9223372036854.775807,` +
			`"end_time_ms":-9223372036854.775808,"duration_ms":-18446744073709.551615,"status":"ok","attributes":{}}`,
		`{"time":"2262-04-11T23:47:16.854775807Z","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"0000000000000001",` +
			`"name":"","kind":"internal","duration_ms":-18446744073709.551615,"status":"ok"}}`,
	},
}

func TestAppend(t *testing.T) {
	for _, tt := range lines {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.compact, string(compact.Append(nil, tt.batch)))
			require.Equal(t, "before "+tt.honeycomb, string(compact.AppendHoneycomb([]byte("before "), tt.batch)))
		})
	}
}

// TestAppendBigQuery checks that nested values are quoted, and nothing else.
func TestAppendBigQuery(t *testing.T) {
	require.Equal(t, `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","parent_span_id":"0700000000000000","parent_remote":true,`+
		`"trace_state":"ot=th:8,vendor=a","trace_flags":3,"name":"GET /items/{id}","kind":"server","start_time_ms":1700000000000.25,`+
		`"end_time_ms":1700000000012.500001,"duration_ms":12.250001,"status":"error","status_description":"no \"stock\"","attributes":"{`+
		`\"http.route\":\"/items/{id}\",\"hit\":true,\"http.response.status_code\":500,\"ratio\":1.0,\"strings\":[\"a\",\"b\"],\"bools\":[true,false],`+
		`\"ints\":[1,-2],\"floats\":[1.0,0.5,\"NaN\"],\"empty\":null}","dropped_attributes":3,"events":"[{\"name\":\"first\",\"time_ms\":1700000000001},`+
		`{\"name\":\"second\",\"time_ms\":1700000000001.0001,\"attributes\":{\"n\":1},\"dropped_attributes\":1}]","dropped_events":4,`+
		`"links":"[{\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"0000000000000001\"},`+
		`{\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"0000000000000001\",\"remote\":true,\"trace_state\":\"ot=th:8,vendor=a\",\"trace_flags\":1,`+
		`\"attributes\":{\"why\":\"retry\"},\"dropped_attributes\":2}]","dropped_links":5,"scope":"{\"name\":\"lib\",\"version\":\"1.2\"}",`+
		`"resource":"{\"service.name\":\"shop\",\"cloud.region\":\"EU\"}","start_time":"2023-11-14T22:13:20.000250Z"}`,
		string(compact.AppendBigQuery(nil, full())))

	b := sparse()
	b.Spans[0].Name = `{"[\`
	b.Spans[0].Attributes = []trace.Attribute{trace.String(`]"}\`, "\"\n")}
	b.Spans = append(b.Spans, b.Spans[0])
	line := `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"0000000000000001","parent_span_id":"00f067aa0ba902b7","name":"{\"[\\","kind":"unspecified",` +
		`"start_time_ms":0,"status":"unset","attributes":"{\"]\\\"}\\\\\":\"\\\"\\n\"}","start_time":"1970-01-01T00:00:00.000000Z"}`
	require.Equal(t, "before "+line+"\n"+line, string(compact.AppendBigQuery([]byte("before "), b)))
}

// TestHoneycombSampleRate checks that Honeycomb counts a span as many times as its threshold says.
func TestHoneycombSampleRate(t *testing.T) {
	for state, want := range map[string]string{
		"":                          ``,
		"ot=th:0":                   ``,
		"ot=th:8":                   `,"samplerate":2`,
		"ot=rv:00ffffffffffff;th:c": `,"samplerate":4`,
		"ot=th:fd70a3d70a3d71":      `,"samplerate":100`,
		"ot=th:5":                   ``, // 16 of 11, which rounds to one
		"ot=th:6":                   `,"samplerate":2`,
		"ot=th:ffffffffffffff":      `,"samplerate":72057594037927936`,
		"ot=th:fffffffffffffff":     ``, // too long for a threshold
		"ot=th:xyz":                 ``,
		"vendor=th:8":               ``,
	} {
		ts, err := trace.ParseTraceState(state)
		require.NoError(t, err, state)
		b := sparse()
		b.Spans[0].SpanContext.TraceState = ts
		line := string(compact.AppendHoneycomb(nil, b))
		require.True(t, strings.HasSuffix(line, `"status":"unset"}`+want+`}`), "%s: %s", state, line)
	}
}

// TestHoneycombTakenKeys encodes attributes whose keys are those of Honeycomb's columns.
func TestHoneycombTakenKeys(t *testing.T) {
	b := &trace.Batch{
		Resource: trace.NewResource([]trace.Attribute{trace.Int("name", 1), trace.Bool("service.name", true)}),
		Spans: []trace.SpanData{{SpanContext: trace.SpanContext{TraceID: traceID, SpanID: childID}, Start: 1, Attributes: []trace.Attribute{
			trace.Int("name", 2), trace.Int("free", 3), trace.Int("service.name", 4), trace.Int("resource.name", 5), trace.Int("attributes", 6), trace.Int("error", 7),
		}}},
	}
	line := compact.AppendHoneycomb(nil, b)
	require.Equal(t, `{"time":"1970-01-01T00:00:00.000000001Z","data":{"trace.trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","trace.span_id":"0000000000000001",`+
		`"name":"","kind":"unspecified","status":"unset","resource.name":1,"service.name":true,"free":3,`+
		`"attributes":{"name":2,"service.name":4,"resource.name":5,"attributes":6,"error":7}}}`, string(line))

	got, err := compact.Decode(line)
	require.NoError(t, err)
	require.Equal(t, b.Resource, got.Resource)
	require.Equal(t, []trace.Attribute{trace.Int("free", 3), trace.Int("name", 2), trace.Int("service.name", 4), trace.Int("resource.name", 5),
		trace.Int("attributes", 6), trace.Int("error", 7)}, got.Spans[0].Attributes)
}

// TestAppendSpans checks that each span has a line, and that each line has the resource.
func TestAppendSpans(t *testing.T) {
	b := &trace.Batch{Resource: shop, Spans: append(append(full().Spans, sparse().Spans...), full().Spans...)}
	for _, format := range formats {
		require.Empty(t, format.append(nil, &trace.Batch{Resource: shop}))
		for _, capacity := range []int{0, 1 << 20} {
			got := strings.Split(string(format.append(make([]byte, 0, capacity), b)), "\n")
			require.Len(t, got, 3)
			for i := range got {
				one := &trace.Batch{Resource: shop, Spans: b.Spans[i : i+1]}
				require.Equal(t, string(format.append(nil, one)), got[i])
			}
		}
	}
}

func TestAppendLarge(t *testing.T) {
	b := sparse()
	d := &b.Spans[0]
	d.Attributes = []trace.Attribute{trace.String("plain", strings.Repeat("x", 1<<20)), trace.String("escaped", strings.Repeat("\x00\"\xff", 1<<20/3))}
	for i := range 200 {
		d.Events = append(d.Events, trace.Event{Name: "e", Time: int64(i), Attributes: []trace.Attribute{trace.Int("i", i)}})
	}
	want := *d
	want.Attributes = []trace.Attribute{d.Attributes[0], trace.String("escaped", strings.Repeat("\x00\"\uFFFD", 1<<20/3))}
	for _, format := range formats {
		got, err := compact.Decode(format.append(nil, b))
		require.NoError(t, err)
		require.True(t, equal(want, got.Spans[0]))
	}
}

func BenchmarkAppend(b *testing.B) {
	batch, buf := full(), make([]byte, 0, 1<<16)
	b.ReportAllocs()
	for b.Loop() {
		buf = compact.Append(buf[:0], batch)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkDecode(b *testing.B) {
	line := compact.Append(nil, full())
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := compact.Decode(line); err != nil {
			b.Fatal(err)
		}
	}
}
