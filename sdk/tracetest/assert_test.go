package tracetest

import (
	"math"
	"testing"
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

const second = int64(time.Second)

func id(n byte) trace.SpanContext {
	return trace.SpanContext{TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: n}}
}

// request is a server span with two children, and a child of the second child.
func request() []trace.SpanData {
	return []trace.SpanData{
		{SpanContext: id(1), Name: "GET /", Kind: trace.SpanKindServer, Start: 1 * second, End: 10 * second,
			Status:     trace.Status{Code: trace.StatusError, Description: "no stock"},
			Attributes: []trace.Attribute{trace.Int("http.response.status_code", 500), trace.String("http.route", "/")},
			Events: []trace.Event{
				{Name: "retry", Attributes: []trace.Attribute{trace.Int("attempt", 1)}},
				{Name: "retry", Attributes: []trace.Attribute{trace.Int("attempt", 2), trace.Bool("last", true)}},
			}},
		{SpanContext: id(2), ParentSpanID: trace.SpanID{7: 1}, Name: "fetch", Kind: trace.SpanKindClient, Start: 2 * second, End: 3 * second},
		{SpanContext: id(3), ParentSpanID: trace.SpanID{7: 1}, Name: "render", Kind: trace.SpanKindInternal, Start: 4 * second, End: 6 * second},
		{SpanContext: id(4), ParentSpanID: trace.SpanID{7: 3}, Name: "fetch", Kind: trace.SpanKindClient, Start: 4 * second, End: 6 * second,
			Links: []trace.Link{{SpanContext: id(2)}}},
	}
}

const requestTree = `GET / [server] error "no stock"
    http.response.status_code=500
    http.route="/"
    event retry attempt=1
    event retry attempt=2 last=true
  fetch [client]
  render [internal]
    fetch [client]
        link to fetch
`

const rootTree = `GET / [server] error "no stock"
    http.response.status_code=500
    http.route="/"
    event retry attempt=1
    event retry attempt=2 last=true
`

func TestAssertions(t *testing.T) {
	spans := request()
	root, fetch, render := spans[0], spans[1], spans[2]
	other := fetch
	other.SpanContext.TraceID[0] = 0xaa
	late := request()
	late[1].End, late[2].Start, late[3].Start, late[3].End = 11*second, 0, 5*second, 4*second
	open := request()
	open[0].End, open[1].End = 0, 0
	open[3].End = open[3].Start // a span without duration

	for name, tt := range map[string]struct {
		check  func(t TB)
		errors []string
		fatals []string
	}{
		"span": {check: func(t TB) { AssertStatus(t, Span(t, spans, "GET /"), trace.StatusError, "no stock") }},
		"no span": {check: func(t TB) { Span(t, spans, "GET") },
			fatals: []string{`no span is named "GET". There are 4 spans:` + "\n" + requestTree}},
		"none at all": {check: func(t TB) { Span(t, nil, "x") }, fatals: []string{`no span is named "x". There are no spans`}},
		"one other":   {check: func(t TB) { Span(t, spans[1:2], "x") }, fatals: []string{"no span is named \"x\". There is 1 span:\nfetch [client] (parent not here)\n"}},
		"two spans":   {check: func(t TB) { Span(t, spans, "fetch") }, fatals: []string{`2 spans are named "fetch", want one. There are 4 spans:` + "\n" + requestTree}},
		"attributes": {check: func(t TB) {
			AssertAttributes(t, root, trace.String("http.route", "/"), trace.Int("http.response.status_code", 500))
		}},
		"no attribute": {check: func(t TB) { AssertNoAttribute(t, root, "error.type", "http.request.method") }},
		"wrong attributes": {check: func(t TB) {
			AssertAttributes(t, root, trace.String("http.response.status_code", "500"), trace.String("http.route", "/"), trace.Float64("x", 1))
		}, errors: []string{
			`span "GET /": attribute "http.response.status_code": want "500" (string), got 500 (int). It is` + "\n" + rootTree,
			`span "GET /": attribute "x" is missing, want 1.0 (float64). It is` + "\n" + rootTree,
		}},
		"unwanted attribute": {check: func(t TB) { AssertNoAttribute(t, root, "x", "http.route") },
			errors: []string{`span "GET /": unexpected attribute "http.route": "/" (string). The span is` + "\n" + rootTree}},
		"status": {check: func(t TB) {
			AssertStatus(t, root, trace.StatusError, "no stock")
			AssertStatus(t, fetch, trace.StatusUnset, "")
		}},
		"wrong status": {check: func(t TB) { AssertStatus(t, root, trace.StatusOK, "") },
			errors: []string{`span "GET /": want the status ok, got error "no stock". The span is` + "\n" + rootTree}},
		"event": {check: func(t TB) {
			AssertEvent(t, root, "retry")
			AssertEvent(t, root, "retry", trace.Int("attempt", 1))
			AssertEvent(t, root, "retry", trace.Bool("last", true), trace.Int("attempt", 2))
		}},
		"no event": {check: func(t TB) { AssertEvent(t, root, "exception") }, errors: []string{`span "GET /": no event is named "exception". The span is` + "\n" + rootTree}},
		"wrong event": {check: func(t TB) { AssertEvent(t, root, "retry", trace.Int("attempt", 3)) },
			errors: []string{`span "GET /": event "retry": attribute "attempt": want 3 (int), got 2 (int). The span is` + "\n" + rootTree}},
		"child":         {check: func(t TB) { AssertChildOf(t, fetch, root) }},
		"child of none": {check: func(t TB) { AssertChildOf(t, root, fetch) }, errors: []string{`span "GET /" is not a child of "fetch": it has no parent`}},
		"child of another": {check: func(t TB) { AssertChildOf(t, fetch, render) },
			errors: []string{`span "fetch" is not a child of "render": its parent is span 0000000000000001, and "render" is span 0000000000000003`}},
		"child in another trace": {check: func(t TB) { AssertChildOf(t, other, root) },
			errors: []string{`span "fetch" is not a child of "GET /": it belongs to trace aa000000000000000000000000000001, and "GET /" to trace 00000000000000000000000000000001`}},
		"nested": {check: func(t TB) {
			AssertNested(t, spans)
			AssertNested(t, spans[1:])
			AssertNested(t, nil)
		}},
		"not nested": {check: func(t TB) { AssertNested(t, late) }, errors: []string{
			`span "fetch" is not within its parent "GET /": it lasts from 1s to 10s after the parent's start, and the parent 9s`,
			`span "render" is not within its parent "GET /": it lasts from -1s to 5s after the parent's start, and the parent 9s`,
			`span "fetch" ends 1s before its start`,
		}},
		"not ended": {check: func(t TB) { AssertNested(t, open) }, errors: []string{`span "GET /" has not ended`, `span "fetch" has not ended`}},
	} {
		t.Run(name, func(t *testing.T) {
			f := new(fakeTB)
			tt.check(f)
			require.True(t, f.helped)
			require.Equal(t, tt.errors, f.errors)
			require.Equal(t, tt.fatals, f.fatals)
		})
	}
}

func TestValuesLookDifferent(t *testing.T) {
	for _, tt := range []struct {
		a    trace.Attribute
		want string
	}{
		{trace.Attribute{}, `null (empty)`},
		{trace.String("", "1"), `"1" (string)`},
		{trace.String("", "a\n\xff"), `"a\n\xff" (string)`},
		{trace.Bool("", true), `true (bool)`},
		{trace.Int("", -1), `-1 (int)`},
		{trace.Float64("", 1), `1.0 (float64)`},
		{trace.Float64("", 1e21), `1e+21 (float64)`},
		{trace.Float64("", math.NaN()), `NaN (float64)`},
		{trace.Float64("", math.Inf(-1)), `-Inf (float64)`},
		{trace.Strings("", "a b", ""), `["a b" ""] (strings)`},
		{trace.Strings(""), `[] (strings)`},
		{trace.Bools("", false), `[false] (bools)`},
		{trace.Ints("", 1, 2), `[1 2] (ints)`},
		{trace.Float64s("", 1, 2.5), `[1.0 2.5] (float64s)`},
	} {
		require.Equal(t, tt.want, describe(tt.a.Value))
	}
}

func TestTree(t *testing.T) {
	require.Equal(t, requestTree, Tree(request()))
	require.Empty(t, Tree(nil))

	// In any order: two traces, parents elsewhere, names that need quotes, spans that start at the same time.
	spans := []trace.SpanData{
		{SpanContext: id(5), ParentSpanID: trace.SpanID{7: 4}, Name: "b", Kind: trace.SpanKindInternal, Start: 7, End: 8},
		{SpanContext: id(6), ParentSpanID: trace.SpanID{7: 4}, Name: "a", Kind: trace.SpanKindInternal, Start: 7, End: 8},
		{SpanContext: id(4), ParentSpanID: trace.SpanID{7: 9}, ParentRemote: true, Name: "line\nbreak", Kind: trace.SpanKindServer, Start: 2, End: 9},
		{SpanContext: trace.SpanContext{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{7: 4}}, Kind: trace.SpanKindConsumer, Start: 1,
			Status: trace.Status{Code: trace.StatusOK}, Links: []trace.Link{{SpanContext: id(7), Attributes: []trace.Attribute{trace.Int("b", 1), trace.Int("", 2)}},
				{Attributes: []trace.Attribute{trace.Int("c", 3)}}}},
	}
	require.Equal(t, `"" [consumer] ok (not ended)
    link to a span not here ""=2 b=1
    link to no span c=3
"line\nbreak" [server] (remote parent)
  a [internal]
  b [internal]
`, Tree(spans))
}

// A stack trace is never the same twice, and would bury the message of a failed assertion.
func TestTreeWithoutStackTraces(t *testing.T) {
	spans := []trace.SpanData{{SpanContext: id(1), Name: "a", Kind: trace.SpanKindServer, End: 1, Events: []trace.Event{{Name: "exception", Attributes: []trace.Attribute{
		trace.String("exception.message", "boom"), trace.String("exception.stacktrace", "goroutine 7 [running]:"),
	}}}}}
	require.Equal(t, "a [server]\n    event exception exception.message=\"boom\" exception.stacktrace=*\n", Tree(spans))
	require.Equal(t, "a [server]\n    event exception\n", Waterfall{Events: true}.Draw(spans))
}

// Drawing does not change the spans.
func TestTreeChangesNothing(t *testing.T) {
	spans := request()
	spans[0].Attributes = []trace.Attribute{trace.Int("b", 1), trace.Int("a", 2)}
	require.Contains(t, Tree(spans), "    a=2\n    b=1\n")
	require.Equal(t, []trace.Attribute{trace.Int("b", 1), trace.Int("a", 2)}, spans[0].Attributes)
}

// TestTreeOfNonsense checks that each span is drawn once, also if ids occur twice and parents form a circle.
func TestTreeOfNonsense(t *testing.T) {
	spans := []trace.SpanData{
		{SpanContext: id(1), ParentSpanID: trace.SpanID{7: 2}, Name: "a", End: 1},
		{SpanContext: id(2), ParentSpanID: trace.SpanID{7: 1}, Name: "b", End: 1},
		{SpanContext: id(3), ParentSpanID: trace.SpanID{7: 3}, Name: "own parent", End: 1},
		{SpanContext: id(4), Name: "twin", End: 1},
		{SpanContext: id(4), Name: "twin", End: 1},
		{SpanContext: id(5), ParentSpanID: trace.SpanID{7: 4}, Name: "child", End: 1},
		{SpanContext: trace.SpanContext{TraceID: trace.TraceID{15: 1}}, Name: "without an id", End: 1},
	}
	require.Equal(t, `own parent [unspecified]
twin [unspecified]
  child [unspecified]
twin [unspecified]
without an id [unspecified]
a [unspecified]
  b [unspecified]
`, Tree(spans))
}
