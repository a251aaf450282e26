package traces

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/sdk/trace"
)

func traceID(n byte) trace.TraceID { return trace.TraceID{15: n} }
func spanID(n int) trace.SpanID    { return trace.SpanID{6: byte(n >> 8), 7: byte(n)} }

// span returns a span of trace 1; parent 0 means none.
func span(id, parent int, name string, start, end int64) trace.SpanData {
	return trace.SpanData{
		SpanContext:  trace.SpanContext{TraceID: traceID(1), SpanID: spanID(id)},
		ParentSpanID: spanID(parent), Name: name, Start: start, End: end,
	}
}

// remote marks the span's parent as one of another process.
func remote(s trace.SpanData) trace.SpanData {
	s.ParentRemote = true
	return s
}

func record(spans ...trace.SpanData) lines.Record {
	return lines.Record{Kind: lines.Spans, Batches: []trace.Batch{{Resource: trace.NewResource(), Spans: spans}}}
}

func only(t *testing.T, spans ...trace.SpanData) *Trace {
	t.Helper()
	touched := NewStore(Limits{}).Add(record(spans...), nil)
	require.Len(t, touched, 1)
	return touched[0]
}

func request(t *testing.T, spans ...trace.SpanData) Request {
	t.Helper()
	all := only(t, spans...).Requests()
	require.Len(t, all, 1)
	return all[0]
}

// outline returns the tree as indented names, with marks for anything odd.
func outline(tr *Trace) string {
	var b strings.Builder
	for _, r := range tr.Rows() {
		b.WriteString(strings.Repeat(".", r.Depth) + r.Span.Name)
		for mark, is := range map[string]bool{" missing": r.Missing, " cycle": r.Cycle, " early": r.Early} {
			if is {
				b.WriteString(mark)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestRows(t *testing.T) {
	for _, tc := range []struct {
		name  string
		spans []trace.SpanData
		want  string
	}{
		{"in order", []trace.SpanData{span(1, 0, "a", 1, 9), span(2, 1, "b", 2, 3), span(3, 1, "c", 4, 5), span(4, 2, "d", 2, 3)}, "a\n.b\n..d\n.c\n"},
		{"children first", []trace.SpanData{span(4, 2, "d", 2, 3), span(3, 1, "c", 4, 5), span(2, 1, "b", 2, 3), span(1, 0, "a", 1, 9)}, "a\n.b\n..d\n.c\n"},
		{"missing parent", []trace.SpanData{span(5, 7, "x", 0, 1), span(1, 0, "a", 1, 9)}, "a\nx missing\n"},
		{"only orphans", []trace.SpanData{span(5, 7, "x", 2, 3), span(6, 8, "y", 1, 2)}, "y missing\nx missing\n"},
		{"own parent", []trace.SpanData{span(1, 1, "a", 1, 2)}, "a cycle\n"},
		{"cycle", []trace.SpanData{span(1, 2, "a", 2, 3), span(2, 1, "b", 1, 3), span(3, 1, "c", 3, 3)}, "b cycle\n.a\n..c\n"},
		{"same id", []trace.SpanData{span(1, 0, "a", 1, 9), span(1, 0, "b", 2, 3), span(2, 1, "c", 3, 4)}, "a\n.c\nb\n"},
		{"clock skew", []trace.SpanData{span(1, 0, "a", 5, 9), span(2, 1, "b", 4, 10)}, "a\n.b early\n"},
		{"a page's load round its server's span", []trace.SpanData{span(1, 0, "a", 5, 9), remote(span(2, 1, "b", 4, 10))}, "a\n.b\n"},
		{"clock skew of another process", []trace.SpanData{span(1, 0, "a", 5, 9), remote(span(2, 1, "b", 4, 8))}, "a\n.b early\n"},
		{"round an open span", []trace.SpanData{span(1, 0, "a", 5, 0), remote(span(2, 1, "b", 4, 10))}, "a\n.b early\n"},
	} {
		t.Run(tc.name, func(t *testing.T) { assert.Equal(t, tc.want, outline(only(t, tc.spans...))) })
	}
}

func TestRowsOfALongChain(t *testing.T) {
	const n = 20_000
	var spans []trace.SpanData
	for i := range n {
		spans = append(spans, span(i+1, i, "s", int64(i+1), n))
	}
	rows := only(t, spans...).Rows()
	require.Len(t, rows, n)
	assert.Equal(t, n-1, rows[n-1].Depth)
	assert.Equal(t, n-2, rows[n-1].Parent)
}

func FuzzRows(f *testing.F) {
	f.Add([]byte{1, 0, 2, 1, 3, 2, 2, 3})
	f.Add([]byte{1, 1, 2, 3, 3, 2, 0, 0})
	f.Fuzz(func(t *testing.T, in []byte) {
		var spans []trace.SpanData
		for i := 0; i+1 < len(in); i += 2 {
			spans = append(spans, span(int(in[i]&31), int(in[i+1]&31), fmt.Sprint(i), int64(in[i]>>5), int64(in[i+1])))
		}
		touched := NewStore(Limits{}).Add(record(spans...), nil)
		if len(touched) == 0 {
			return
		}
		tr := touched[0]
		seen := map[*Span]bool{}
		children := make([]int, len(tr.Rows()))
		for i, r := range tr.Rows() {
			require.False(t, seen[r.Span])
			seen[r.Span] = true
			require.Less(t, r.Parent, i)
			if r.Parent >= 0 {
				children[r.Parent]++
				require.Equal(t, tr.Rows()[r.Parent].Depth+1, r.Depth)
				require.Equal(t, r.Span.ParentSpanID, tr.Rows()[r.Parent].Span.SpanContext.SpanID)
			}
		}
		require.Len(t, seen, len(tr.Spans))
		for i, r := range tr.Rows() {
			require.Equal(t, children[i], r.Children)
		}
		asked := 0
		for _, r := range tr.Requests() {
			asked += len(r.Spans)
			require.Same(t, r.Root, r.Spans[0])
		}
		require.Equal(t, len(tr.Spans), asked)
	})
}

func TestDuplicates(t *testing.T) {
	tr := only(t, span(1, 0, "a", 1, 9), span(1, 0, "a", 1, 9), span(2, 1, "b", 2, 0), span(2, 1, "b", 2, 5))
	assert.Equal(t, 2, tr.Duplicates)
	assert.Len(t, tr.Spans, 2)
	assert.EqualValues(t, 5, tr.Spans[1].End, "the end that came later is taken")
}

func TestStoreJoinsLines(t *testing.T) {
	s := NewStore(Limits{})
	first := s.Add(record(span(1, 0, "a", 1, 9)), nil)
	id, _ := trace.ParseTraceID(traceID(1).String())
	second := s.Add(lines.Record{Kind: lines.Logs, Logs: []lines.Log{{TraceID: id, Body: "hi"}}}, nil)
	third := s.Add(record(span(2, 1, "b", 2, 3)), nil)
	assert.Same(t, first[0], second[0])
	assert.Same(t, first[0], third[0])
	assert.Equal(t, "a\n.b\n", outline(first[0]))
	assert.Len(t, first[0].Logs, 1)

	s.Remove(first[0])
	again := s.Add(record(span(3, 1, "c", 2, 3)), nil)
	assert.NotSame(t, first[0], again[0])
	assert.True(t, again[0].Continued)
}

func TestStoreSeparatesSpansWithoutATraceID(t *testing.T) {
	nameless := span(1, 0, "a", 1, 2)
	nameless.SpanContext.TraceID = trace.TraceID{}
	s := NewStore(Limits{})
	s.Add(record(nameless), nil)
	s.Add(record(nameless), nil)
	assert.Equal(t, 2, s.Len())
}

func TestStoreStaysWithinItsLimits(t *testing.T) {
	evicted := 0
	s := NewStore(Limits{Traces: 10, Spans: 50, SpansPerTrace: 20, Bytes: 1 << 20})
	s.Evicted = func(*Trace) { evicted++ }
	for i := range 1000 {
		d := span(i+1, 0, "s", 1, 2)
		d.SpanContext.TraceID = trace.TraceID{14: byte(i >> 8), 15: byte(i)}
		if i == 0 {
			d.SpanContext.TraceID = traceID(255)
		}
		s.Add(record(d, d, d), nil)
	}
	assert.LessOrEqual(t, s.Len(), 10)
	assert.Greater(t, evicted, 900)

	var many []trace.SpanData
	for i := range 100 {
		many = append(many, span(i+1, 0, "s", 1, 2))
	}
	tr := s.Add(record(many...), nil)[0]
	assert.Len(t, tr.Spans, 20)
	assert.Equal(t, 80, tr.Dropped)

	big := span(1, 0, strings.Repeat("x", 1<<18), 1, 2)
	for i := range 20 {
		big.SpanContext.TraceID = traceID(byte(100 + i))
		s.Add(record(big), nil)
		assert.LessOrEqual(t, s.recent.bytes, 1<<20)
	}
	for _, tr := range s.All() {
		s.Remove(tr)
	}
	assert.Zero(t, s.recent.bytes)
	assert.Zero(t, s.recent.spans)
}

// The lines of a trace are kept whole. If one trace has too many, they are handed over in several parts, and none is lost.
func TestStoreHandsOverManyLinesOfOneTrace(t *testing.T) {
	s := NewStore(Limits{Bytes: 20_000})
	handed, most := 0, 0
	s.Evicted = func(tr *Trace) { handed += len(tr.Raw) }
	const lines = 1000
	for range lines {
		s.Add(record(span(1, 0, "the same span", 1, 2)), &Line{Text: make([]byte, 500)})
		most = max(most, s.recent.bytes)
	}
	for _, tr := range s.All() {
		handed += len(tr.Raw)
		assert.True(t, tr.Continued)
	}
	assert.Equal(t, lines, handed)
	assert.LessOrEqual(t, most, 20_000)
}

// Chosen traces stay, and traces that may still be chosen have room to grow.
func TestStoreKeepsWhatIsChosen(t *testing.T) {
	var evicted []string
	var s *Store
	anew := func(limits Limits) {
		evicted = nil
		s = NewStore(limits)
		s.Chosen = func(t *Trace) bool { return t.Errors() > 0 }
		s.Evicted = func(t *Trace) { evicted = append(evicted, fmt.Sprint(t.ID[15], t.Errors() > 0)) }
	}
	add := func(trace byte, id int, failed bool) {
		d := span(id, 0, "s", 1, 2)
		d.SpanContext.TraceID = traceID(trace)
		if failed {
			d.Status.Code = 2
		}
		s.Add(record(d), nil)
	}
	ids := func() (all []byte) {
		for _, t := range s.All() {
			all = append(all, t.ID[15])
		}
		return all
	}

	anew(Limits{Traces: 3})
	for i := range byte(10) {
		add(i, 1, i == 1 || i == 2)
	}
	assert.Equal(t, []byte{1, 2, 7, 8, 9}, ids(), "the longest untouched first")
	assert.Equal(t, []string{"0 false", "3 false", "4 false", "5 false", "6 false"}, evicted)
	add(7, 2, true) // this one failed in the end
	for i := range byte(3) {
		add(20+i, 1, false)
	}
	assert.Equal(t, []byte{1, 2, 7, 20, 21, 22}, ids())
	add(2, 2, false) // a chosen trace continues, and remains one trace
	assert.Equal(t, []byte{1, 7, 21, 22, 2}, ids())
	for i := range byte(6) {
		add(30+i, 1, true)
	}
	assert.Equal(t, []byte{30, 31, 32, 33, 34, 35}, ids())
	assert.Equal(t, []string{"1 true", "7 true", "2 true"}, evicted[len(evicted)-3:])
	assert.Len(t, s.Idle(time.Now()), 6)
	for _, tr := range s.All() {
		s.Remove(tr)
	}
	assert.Zero(t, s.Len()+s.chosen.bytes+s.chosen.spans+s.recent.bytes+s.recent.spans)

	anew(Limits{Traces: 100, Spans: 10})
	for i := range byte(5) {
		add(i, 1, true)
	}
	for i := range byte(20) {
		add(100+i, 1, false)
	}
	assert.Equal(t, []byte{0, 1, 2, 3, 4, 115, 116, 117, 118, 119}, ids(), "half of the room")
	for i := range 9 {
		add(119, 2+i, false)
	}
	assert.Equal(t, []byte{119}, ids(), "one trace always fits")
}

func TestIdle(t *testing.T) {
	now := time.Unix(0, 0)
	s := NewStore(Limits{})
	s.Now = func() time.Time { return now }
	s.Add(record(span(1, 0, "a", 1, 2)), nil)
	now = now.Add(time.Second)
	d := span(1, 0, "b", 1, 2)
	d.SpanContext.TraceID = traceID(2)
	s.Add(record(d), nil)
	require.Len(t, s.Idle(time.Unix(0, 0)), 1)
	assert.Equal(t, "a", s.Idle(time.Unix(0, 0))[0].Root().Name)
	assert.Len(t, s.Idle(now), 2)
}

func TestHistoryIsBounded(t *testing.T) {
	h := history{known: map[trace.TraceID]bool{}}
	for i := range 3 * historyLength {
		h.add(trace.TraceID{12: 1, 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)})
	}
	assert.Len(t, h.known, historyLength)
}

func TestBetween(t *testing.T) {
	assert.Equal(t, time.Duration(2), Between(1, 3))
	assert.Zero(t, Between(3, 1))
	assert.Equal(t, time.Duration(math.MaxInt64), Between(math.MinInt64, math.MaxInt64))
}

func TestFilter(t *testing.T) {
	root := span(1, 0, "GET /api/items/{id}", 1, 1+int64(time.Second))
	root.Attributes = []trace.Attribute{trace.String("http.route", "/api/items/{id}")}
	failed := span(2, 1, "GET", 1, 2)
	failed.Status.Code = trace.StatusError
	tr, fine := only(t, root, failed), only(t, root)
	for _, tc := range []struct {
		filter Filter
		want   bool
	}{
		{Filter{}, true},
		{Filter{ID: "0000"}, true},
		{Filter{ID: "1"}, false},
		{Filter{Route: "/api/items/{id}"}, true},
		{Filter{Route: "GET /api/items/{id}"}, true},
		{Filter{Route: "/api/*"}, true},
		{Filter{Route: "*items*"}, true},
		{Filter{Route: "/api"}, false},
		{Filter{Route: "*/other"}, false},
		{Filter{Errors: true}, true},
		{Filter{Slower: time.Second}, true},
		{Filter{Slower: 2 * time.Second}, false},
		{Filter{Errors: true, Route: "/nope"}, false},
	} {
		assert.Equal(t, tc.want, tc.filter.Match(tr), "%+v", tc.filter)
	}
	assert.False(t, Filter{Errors: true}.Match(fine))
}

// A client may send one traceparent with all of its requests, and each service that is called begins a request.
func TestRequestsOfOneTrace(t *testing.T) {
	second := int64(time.Second)
	remote := func(id, parent int, name string, start, end int64) trace.SpanData {
		d := span(id, parent, name, start, end)
		d.ParentRemote = true
		return d
	}
	slow, inner := remote(3, 99, "GET /slow", 1, 2*second), remote(5, 4, "GET /inner", 3, 9)
	inner.Status.Code = trace.StatusError
	inner.Attributes = []trace.Attribute{trace.String("http.route", "/inner")}
	tr := only(t, remote(1, 99, "GET /b", 1, 5), remote(2, 99, "GET /a", 9*second, 9*second+5), slow, span(4, 3, "GET", 2, 10), inner, span(6, 98, "late", 5, 6))

	var got []string
	var sum Summary
	for _, r := range tr.Requests() {
		got = append(got, fmt.Sprint(r.Root.Name, " ", len(r.Spans), " ", r.Errors(), " ", r.Duration()))
		sum.Add(r)
	}
	assert.Equal(t, []string{"GET /b 1 0 4ns", "GET /slow 2 0 1.999999999s", "GET /inner 1 1 6ns", "GET /a 1 0 5ns", "late 1 0 1ns"}, got)
	assert.Len(t, sum.Rows(), 5)
	assert.Equal(t, 5, sum.Total().Count)

	for _, tc := range []struct {
		filter Filter
		want   []string
	}{
		{Filter{Route: "GET /a"}, []string{"GET /a"}},
		{Filter{Route: "/inner", Errors: true}, []string{"GET /inner"}},
		{Filter{Slower: time.Second}, []string{"GET /slow"}},
		{Filter{Slower: 3 * time.Second}, nil},
		{Filter{Slower: time.Second, Errors: true}, nil},
	} {
		var names []string
		for _, r := range tc.filter.Requests(tr) {
			names = append(names, r.Root.Name)
		}
		assert.Equal(t, tc.want, names, "%+v", tc.filter)
		assert.Equal(t, tc.want != nil, tc.filter.Match(tr), "%+v", tc.filter)
	}
}

// Parts that come far apart are counted as one trace, but each request counts. The duration and time of a trace are those of its
// requests, without the gaps between them.
func TestTimesOfSeveralRequests(t *testing.T) {
	remote := func(s trace.SpanData) trace.SpanData { s.ParentRemote = true; return s }
	for _, tc := range []struct {
		name           string
		trace          *Trace
		slowest, whole time.Duration
		newest         int64
		apart          bool
	}{
		{"one", only(t, span(1, 0, "a", 1000, 1100), span(2, 1, "b", 1010, 1050)), 100, 100, 1000, false},
		{"one, and what it leaves for later", only(t, span(1, 0, "a", 1000, 1100), span(2, 1, "b", 1090, 1500)), 500, 500, 1000, false},
		{"one asks another", only(t, span(1, 0, "a", 1000, 1100), remote(span(2, 1, "b", 1010, 1105))), 100, 105, 1000, false},
		{"again and again", only(t, remote(span(1, 9, "a", 1000, 1010)), remote(span(2, 9, "b", 3000, 3050)), remote(span(3, 9, "c", 9000, 9010))), 50, 8010, 9000, true},
		{"a clock that is ahead", only(t, span(1, 0, "a", 1000, 1100), remote(span(2, 1, "b", 9010, 9060))), 100, 8060, 1000, true},
		{"without a start", only(t, span(1, 0, "a", 0, 0)), 0, 0, 0, false},
	} {
		assert.Equal(t, tc.slowest, tc.trace.Slowest(), tc.name)
		assert.Equal(t, tc.whole, tc.trace.Duration(), tc.name)
		assert.Equal(t, tc.newest, tc.trace.Newest(), tc.name)
		assert.Equal(t, tc.apart, tc.trace.Apart(), tc.name)
	}
	logs := NewStore(Limits{}).Add(lines.Record{Logs: []lines.Log{{TraceID: traceID(1), Time: 7}, {TraceID: traceID(1), Time: 5}}}, nil)[0]
	assert.EqualValues(t, 7, logs.Newest())
	assert.Zero(t, logs.Slowest())
}

func TestRequestsOfAContinuedTrace(t *testing.T) {
	s := NewStore(Limits{})
	s.Remove(s.Add(record(span(1, 0, "GET /", 1, 9)), nil)[0])
	again := span(2, 99, "GET /", 20, 30)
	again.ParentRemote = true
	server := span(3, 99, "GET /", 20, 30)
	server.Kind = trace.SpanKindServer
	var sum Summary
	for _, r := range s.Add(record(span(4, 1, "late", 5, 12), again, server), nil)[0].Requests() {
		sum.Add(r)
	}
	assert.Equal(t, 2, sum.Total().Count)
}

func TestGlob(t *testing.T) {
	for _, tc := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true}, {"*", "", true}, {"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*b", "ab", true},
		{"a*c*e", "abcde", true}, {"a*a", "a", false}, {"**", "x", true}, {"a*b*b", "ab", false},
	} {
		assert.Equal(t, tc.want, glob(tc.pattern, tc.s), "%q %q", tc.pattern, tc.s)
	}
}

func TestSummary(t *testing.T) {
	var sum Summary
	for i := 1; i <= 100; i++ {
		d := span(1, 0, "GET /a", 1, 1+int64(i)*int64(time.Millisecond))
		if i > 90 {
			d.Status.Code = trace.StatusError
		}
		sum.Add(request(t, d))
	}
	sum.Add(request(t, span(1, 0, "GET /b", 1, 2)))
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	assert.Equal(t, []SummaryRow{
		{"GET /a", 100, 10, ms(50), ms(95), ms(99), ms(100)},
		{"GET /b", 1, 0, 1, 1, 1, 1},
	}, sum.Rows())
	assert.Equal(t, 101, sum.Total().Count)
}

func TestSummaryIsBounded(t *testing.T) {
	var sum Summary
	for i := range 3 * maxGroups {
		sum.Add(request(t, span(1, 0, fmt.Sprint(i), 1, 2)))
	}
	rows := sum.Rows()
	assert.Len(t, rows, maxGroups+1)
	assert.Equal(t, SummaryRow{otherGroup, 2 * maxGroups, 0, 1, 1, 1, 1}, rows[0])

	var g group
	for i := range 20 * maxSamples {
		g.add(time.Duration(i), false)
	}
	assert.Len(t, g.samples, maxSamples)
	assert.InEpsilon(t, 10*maxSamples, int(g.row("").P50), 0.05)
}

func TestProblem(t *testing.T) {
	for _, tc := range []struct {
		want string
		span trace.SpanData
	}{
		{"", trace.SpanData{}},
		{"", trace.SpanData{Attributes: []trace.Attribute{trace.String("error.type", "x")}}},
		{"timeout", trace.SpanData{Status: trace.Status{Code: trace.StatusError}, Attributes: []trace.Attribute{trace.String("error.type", "timeout")}}},
		{"", trace.SpanData{Status: trace.Status{Code: trace.StatusError}, Attributes: []trace.Attribute{trace.String("error.type", "500"), trace.Int("http.response.status_code", 500)}}},
		{"why", trace.SpanData{Status: trace.Status{Code: trace.StatusError, Description: "why"}}},
		{"T: m", trace.SpanData{Events: []trace.Event{{Name: "exception", Attributes: []trace.Attribute{trace.String("exception.type", "T"), trace.String("exception.message", "m")}}}}},
	} {
		assert.Equal(t, tc.want, (&Span{SpanData: tc.span}).Problem())
	}
}
