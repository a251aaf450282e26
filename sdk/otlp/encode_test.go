package otlp_test

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/internal/spangen"
	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

var (
	nan, inf = math.NaN(), math.Inf(1)

	parent = trace.SpanContext{TraceID: traceID("4bf92f3577b34da6a3ce929d0e0e4736"), SpanID: spanID("00f067aa0ba902b7"), TraceFlags: trace.FlagSampled}
	child  = trace.SpanContext{TraceID: parent.TraceID, SpanID: spanID("0000000000000001"), TraceFlags: trace.FlagSampled | trace.FlagRandom}
	shop   = trace.NewResource([]trace.Attribute{trace.String("service.name", "shop"), trace.Int("process.pid", 1)})
)

// What surrounds the spans of a line without a resource, and the beginning of the span called child.
const (
	lineOpen  = `{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{"name":"github.com/edgespan/edgespan","version":"` + trace.Version + `"},"spans":[`
	lineClose = `]}]}]}`
	childOpen = `{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"0000000000000001","flags":259`
	noTimes   = `,"startTimeUnixNano":"0","endTimeUnixNano":"0"`
)

// with returns a span that has only what edit sets.
func with(edit func(d *trace.SpanData)) []trace.SpanData {
	d := trace.SpanData{SpanContext: child}
	edit(&d)
	return []trace.SpanData{d}
}

// attributes returns a span with these attributes.
func attributes(attrs ...trace.Attribute) []trace.SpanData {
	return with(func(d *trace.SpanData) { d.Attributes = attrs })
}

func attributesLine(list string) string {
	return lineOpen + childOpen + noTimes + `,"attributes":[` + list + `]}` + lineClose
}

var encoderLines = []struct {
	name     string
	resource *trace.Resource
	spans    []trace.SpanData
	want     string
}{
	{"no spans", shop, nil, ``},
	{"nothing set", nil, with(func(*trace.SpanData) {}), lineOpen + childOpen + noTimes + `}` + lineClose},
	{"an empty resource", &trace.Resource{}, with(func(*trace.SpanData) {}), lineOpen + childOpen + noTimes + `}` + lineClose},
	{"no ids", nil, []trace.SpanData{{}},
		lineOpen + `{"traceId":"00000000000000000000000000000000","spanId":"0000000000000000","flags":256` + noTimes + `}` + lineClose},
	{"a resource", shop, with(func(*trace.SpanData) {}),
		`{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"process.pid","value":{"intValue":"1"}}]},` +
			`"scopeSpans":[{"scope":{"name":"github.com/edgespan/edgespan","version":"` + trace.Version + `"},"spans":[` + childOpen + noTimes + `}` + lineClose},
	{"all fields", nil, []trace.SpanData{everything()},
		lineOpen + `{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"0000000000000001","parentSpanId":"00f067aa0ba902b7","flags":771,` +
			`"traceState":"ot=th:8,vendor=a","name":"GET /items/{id}","kind":2,"startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000001000000000",` +
			`"attributes":[{"key":"http.route","value":{"stringValue":"/items/{id}"}}],"droppedAttributesCount":1,` +
			`"events":[{"timeUnixNano":"1700000000500000000"},{"timeUnixNano":"1700000000500000001","name":"retry","attributes":[{"key":"n","value":{"intValue":"2"}}],` +
			`"droppedAttributesCount":2}],"droppedEventsCount":3,` +
			`"links":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","flags":257},` +
			`{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","flags":769,"traceState":"ot=th:8,vendor=a",` +
			`"attributes":[{"key":"why","value":{"stringValue":"batch"}}],"droppedAttributesCount":4}],"droppedLinksCount":4294967295,` +
			`"status":{"code":2,"message":"no \"stock\""}}` + lineClose},
	{"links to no span", nil, with(func(d *trace.SpanData) {
		d.Links = []trace.Link{
			{Attributes: []trace.Attribute{trace.String("why", "batch")}},
			{SpanContext: trace.SpanContext{TraceID: parent.TraceID, TraceState: everything().SpanContext.TraceState}},
		}
	}),
		lineOpen + childOpen + noTimes + `,"links":[{"traceId":"00000000000000000000000000000000","spanId":"0000000000000000","flags":256,` +
			`"attributes":[{"key":"why","value":{"stringValue":"batch"}}]},` +
			`{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"0000000000000000","flags":256,"traceState":"ot=th:8,vendor=a"}]}` + lineClose},
	{"all kinds of attributes", nil, attributes(
		trace.String("string", "a"), trace.Bool("true", true), trace.Bool("false", false), trace.Int64("min", math.MinInt64), trace.Int64("max", math.MaxInt64),
		trace.Float64("float", 1), trace.Float64("small", 5e-324), trace.Float64("large", math.MaxFloat64), trace.Float64("zero", math.Copysign(0, -1)),
		trace.Float64("nan", nan), trace.Float64("inf", inf), trace.Float64("-inf", -inf), trace.Strings("strings", "a", ""), trace.Bools("bools", true, false),
		trace.Ints("ints", 1, -2), trace.Float64s("floats", 0.5, nan), trace.Strings("none"), trace.Ints("no ints"), trace.Attribute{Key: "empty"}, trace.String("", "no key")),
		attributesLine(`{"key":"string","value":{"stringValue":"a"}},{"key":"true","value":{"boolValue":true}},{"key":"false","value":{"boolValue":false}},` +
			`{"key":"min","value":{"intValue":"-9223372036854775808"}},{"key":"max","value":{"intValue":"9223372036854775807"}},` +
			`{"key":"float","value":{"doubleValue":1}},{"key":"small","value":{"doubleValue":5e-324}},{"key":"large","value":{"doubleValue":1.7976931348623157e+308}},` +
			`{"key":"zero","value":{"doubleValue":-0}},{"key":"nan","value":{"doubleValue":"NaN"}},{"key":"inf","value":{"doubleValue":"Infinity"}},` +
			`{"key":"-inf","value":{"doubleValue":"-Infinity"}},{"key":"strings","value":{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":""}]}}},` +
			`{"key":"bools","value":{"arrayValue":{"values":[{"boolValue":true},{"boolValue":false}]}}},` +
			`{"key":"ints","value":{"arrayValue":{"values":[{"intValue":"1"},{"intValue":"-2"}]}}},` +
			`{"key":"floats","value":{"arrayValue":{"values":[{"doubleValue":0.5},{"doubleValue":"NaN"}]}}},` +
			`{"key":"none","value":{"arrayValue":{"values":[]}}},{"key":"no ints","value":{"arrayValue":{"values":[]}}},{"key":"empty","value":{}},` +
			`{"key":"","value":{"stringValue":"no key"}}`)},
	{"any bytes", nil, attributes(trace.String("k\"\\\n", "\x00\x1f\t\r\n\"\\/<é𝄞\u2028\u2029\uFFFD"), trace.String("\xff", "a\xc3\x28\xed\xa0\x80")),
		attributesLine(`{"key":"k\"\\\n","value":{"stringValue":"\u0000\u001f\t\r\n\"\\/<é𝄞\u2028\u2029` + "\uFFFD" + `"}},` +
			`{"key":"` + "\uFFFD" + `","value":{"stringValue":"a` + "\uFFFD(\uFFFD\uFFFD\uFFFD" + `"}}`)},
	{"a message without an error, which counts for nothing", nil, with(func(d *trace.SpanData) { d.Status.Description = "x" }), lineOpen + childOpen + noTimes + `}` + lineClose},
	{"ok", nil, with(func(d *trace.SpanData) { d.Status.Code = trace.StatusOK }), lineOpen + childOpen + noTimes + `,"status":{"code":1}}` + lineClose},
	{"a kind and a status that do not exist", nil, with(func(d *trace.SpanData) { d.Kind, d.Status.Code = 77, 200 }), lineOpen + childOpen + noTimes + `}` + lineClose},
	{"times before 1970", nil, with(func(d *trace.SpanData) {
		d.Start, d.End, d.Events = -1, math.MinInt64, []trace.Event{{Time: -5}}
	}), lineOpen + childOpen + noTimes + `,"events":[{"timeUnixNano":"0"}]}` + lineClose},
	{"the last times", nil, with(func(d *trace.SpanData) { d.Start, d.End = math.MaxInt64-1, math.MaxInt64 }),
		lineOpen + childOpen + `,"startTimeUnixNano":"9223372036854775806","endTimeUnixNano":"9223372036854775807"}` + lineClose},
	{"the first times of nineteen digits", nil, with(func(d *trace.SpanData) { d.Start, d.End = 1e18, 1e18 }),
		lineOpen + childOpen + `,"startTimeUnixNano":"1000000000000000000","endTimeUnixNano":"1000000000000000000"}` + lineClose},
	{"a start of fewer digits", nil, with(func(d *trace.SpanData) { d.Kind, d.Start, d.End = trace.SpanKindInternal, 1e18-1, 1e18 }),
		lineOpen + childOpen + `,"kind":1,"startTimeUnixNano":"999999999999999999","endTimeUnixNano":"1000000000000000000"}` + lineClose},
	{"an end of fewer digits", nil, with(func(d *trace.SpanData) { d.Kind, d.Start, d.End = trace.SpanKindInternal, 1e18, 1e18-1 }),
		lineOpen + childOpen + `,"kind":1,"startTimeUnixNano":"1000000000000000000","endTimeUnixNano":"999999999999999999"}` + lineClose},
	{"attributes dropped", nil, with(func(d *trace.SpanData) { d.DroppedAttributes = 1 }), lineOpen + childOpen + noTimes + `,"droppedAttributesCount":1}` + lineClose},
	{"events dropped", nil, with(func(d *trace.SpanData) { d.DroppedEvents = 1 }), lineOpen + childOpen + noTimes + `,"droppedEventsCount":1}` + lineClose},
	{"links dropped", nil, with(func(d *trace.SpanData) { d.DroppedLinks = 1 }), lineOpen + childOpen + noTimes + `,"droppedLinksCount":1}` + lineClose},
	{"scopes", nil, scoped(nil, &trace.Scope{Name: "lib", Version: "1"}, &trace.Scope{Name: "lib", Version: "1"}, &trace.Scope{Name: "lib"}, &trace.Scope{Version: "1"}, &trace.Scope{}, nil),
		lineOpen + childOpen + noTimes + `}]},` +
			`{"scope":{"name":"lib","version":"1"},"spans":[` + childOpen + noTimes + `},` + childOpen + noTimes + `}]},` +
			`{"scope":{"name":"lib"},"spans":[` + childOpen + noTimes + `}]},` +
			`{"scope":{"version":"1"},"spans":[` + childOpen + noTimes + `}]},` +
			`{"scope":{},"spans":[` + childOpen + noTimes + `}]},` +
			`{"scope":{"name":"github.com/edgespan/edgespan","version":"` + trace.Version + `"},"spans":[` + childOpen + noTimes + `}` + lineClose},
}

func everything() trace.SpanData {
	state, err := trace.ParseTraceState("ot=th:8,vendor=a")
	if err != nil {
		panic(err)
	}
	d := trace.SpanData{
		SpanContext: child, ParentSpanID: parent.SpanID, ParentRemote: true,
		Name: "GET /items/{id}", Kind: trace.SpanKindServer, Start: 1_700_000_000_000_000_001, End: 1_700_000_001_000_000_000,
		Status:     trace.Status{Code: trace.StatusError, Description: "no \"stock\""},
		Attributes: []trace.Attribute{trace.String("http.route", "/items/{id}")},
		Events: []trace.Event{
			{Time: 1_700_000_000_500_000_000},
			{Name: "retry", Time: 1_700_000_000_500_000_001, Attributes: []trace.Attribute{trace.Int("n", 2)}, DroppedAttributes: 2},
		},
		Links: []trace.Link{
			{SpanContext: parent},
			{SpanContext: parent, Attributes: []trace.Attribute{trace.String("why", "batch")}, DroppedAttributes: 4},
		},
		DroppedAttributes: 1, DroppedEvents: 3, DroppedLinks: math.MaxUint32,
	}
	d.SpanContext.TraceState = state
	d.Links[1].SpanContext.Remote, d.Links[1].SpanContext.TraceState = true, state
	return d
}

func scoped(scopes ...*trace.Scope) (spans []trace.SpanData) {
	for _, s := range scopes {
		spans = append(spans, trace.SpanData{SpanContext: child, Scope: s})
	}
	return spans
}

// TestEncoder compares whole lines, of a new encoder and of one that has written all the others.
func TestEncoder(t *testing.T) {
	var used otlp.Encoder
	for range 2 {
		for _, tt := range encoderLines {
			t.Run(tt.name, func(t *testing.T) {
				b := &trace.Batch{Resource: tt.resource, Spans: tt.spans}
				require.Equal(t, tt.want, string(new(otlp.Encoder).Append(nil, b)))
				require.Equal(t, "before "+tt.want, string(used.Append([]byte("before "), b)))
				if tt.want == "" {
					return
				}
				got, err := otlp.Decode([]byte(tt.want))
				require.NoError(t, err)
				require.Equal(t, []trace.Batch{losses.Apply(b)}, got)
			})
		}
	}
}

// TestKindsAndFlags checks each kind, with all flags.
func TestKindsAndFlags(t *testing.T) {
	for i := range 256 {
		for _, remote := range []bool{false, true} {
			kind, flags := trace.SpanKind(i%6), 256+i
			want := lineOpen + childOpen[:len(childOpen)-len("259")]
			if remote {
				flags += 512
			}
			want += strconv.Itoa(flags)
			times := noTimes
			d := trace.SpanData{SpanContext: child, Kind: kind, ParentRemote: remote}
			if i%2 == 1 {
				d.Start, d.End = 1_700_000_000_000_000_001, 1_700_000_000_000_000_002
				times = `,"startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000000002"`
			}
			if kind != trace.SpanKindUnspecified {
				want += `,"kind":` + strconv.Itoa(i%6)
			}
			d.SpanContext.TraceFlags = trace.TraceFlags(i)
			require.Equal(t, want+times+`}`+lineClose, string(new(otlp.Encoder).Append(nil, &trace.Batch{Spans: []trace.SpanData{d}})))
		}
	}
}

// TestAppendResource checks that an object is appended to the buffer.
func TestAppendResource(t *testing.T) {
	require.Equal(t, `"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"process.pid","value":{"intValue":"1"}}]}`,
		string(otlp.AppendResource([]byte(`"resource":`), shop)))
	require.Equal(t, `{}`, string(otlp.AppendResource(nil, nil)))
}

// TestEncoderInUse checks that a line depends neither on what the encoder has written before nor on the buffer that it is
// given.
func TestEncoderInUse(t *testing.T) {
	used, buf := new(otlp.Encoder), make([]byte, 0, 8)
	var previous *trace.Batch
	for seed := range uint64(300) {
		b := spangen.Batch(randomBytes(seed, int(seed)*3))
		if previous != nil && seed%3 == 0 {
			b.Resource = previous.Resource // whose encoded form the encoder keeps
		}
		previous = b
		buf = used.Append(buf[:0], b)
		require.Equal(t, string(new(otlp.Encoder).Append(nil, b)), string(buf), "seed %d", seed)
	}
}

// TestEncoderKeys encodes keys and values of all lengths near those of machine words, alternately plain and escaped.
func TestEncoderKeys(t *testing.T) {
	used := new(otlp.Encoder)
	for round := range 3 {
		for n := range 130 {
			for _, c := range []string{"k", "\"", "\xff", "é"} {
				key := strings.Repeat("k", n) + c
				b := &trace.Batch{Spans: attributes(trace.Int(key, n), trace.String(key, key), trace.Bool(key, true), trace.Float64(key, 0.5), trace.Strings(key, key))}
				line := used.Append(nil, b)
				require.Equal(t, string(new(otlp.Encoder).Append(nil, b)), string(line), "round %d", round)
				got, err := otlp.Decode(line)
				require.NoError(t, err)
				require.Equal(t, losses.Apply(b).Spans, got[0].Spans)
			}
		}
	}
}

// TestEncoderTimes goes over the ends of seconds, forwards and backwards, with one encoder.
func TestEncoderTimes(t *testing.T) {
	const s = 1_000_000_000
	times := []int64{0, 1, s - 1, s, s + 1, 999_999_999 * s, 1_000_000_000*s - 1, 1_000_000_000 * s, 1_700_000_000 * s, 1_700_000_000*s + 999_999_999,
		1_700_000_001 * s, 1_700_000_001*s + 100_000_000, math.MaxInt64 - s, math.MaxInt64}
	used := new(otlp.Encoder)
	for _, start := range times {
		for _, end := range times {
			b := &trace.Batch{Spans: with(func(d *trace.SpanData) { d.Start, d.End = start, end })}
			line := used.Append(nil, b)
			got, err := otlp.Decode(line)
			require.NoError(t, err)
			require.Equal(t, b.Spans, got[0].Spans, "%s", line)
		}
	}
}

func TestEncoderLarge(t *testing.T) {
	b := &trace.Batch{Spans: with(func(d *trace.SpanData) {
		d.Name = strings.Repeat("n", 1<<16)
		d.Attributes = []trace.Attribute{trace.String("plain", strings.Repeat("x", 1<<20)), trace.String("escaped", strings.Repeat("\x00\"\xff", 1<<20/3))}
		for i := range 200 {
			d.Events = append(d.Events, trace.Event{Name: "e", Time: int64(i), Attributes: []trace.Attribute{trace.Int("i", i)}})
		}
	})}
	got, err := otlp.Decode(new(otlp.Encoder).Append(nil, b))
	require.NoError(t, err)
	require.True(t, reflect.DeepEqual(losses.Apply(b).Spans, got[0].Spans))
}

// TestEncoderAllocations checks that encoding into a buffer with room allocates nothing.
func TestEncoderAllocations(t *testing.T) {
	b := &trace.Batch{Resource: shop, Spans: append([]trace.SpanData{everything()}, everything())}
	var e otlp.Encoder
	buf := make([]byte, 0, 1<<16)
	require.Zero(t, testing.AllocsPerRun(100, func() { buf = e.Append(buf[:0], b) }))
}

func BenchmarkDecode(b *testing.B) {
	line := new(otlp.Encoder).Append(nil, &trace.Batch{Resource: shop, Spans: []trace.SpanData{everything(), everything()}})
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := otlp.Decode(line); err != nil {
			b.Fatal(err)
		}
	}
}
