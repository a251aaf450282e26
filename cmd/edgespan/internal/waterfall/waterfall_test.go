package waterfall

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/lines"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/safetext"
	"github.com/edgespan/edgespan/cmd/edgespan/internal/traces"
	"github.com/edgespan/edgespan/sdk/trace"
)

func traceOf(spans ...trace.SpanData) *traces.Trace {
	r := lines.Record{Kind: lines.Spans, Batches: []trace.Batch{{Resource: trace.NewResource(), Spans: spans}}}
	return traces.NewStore(traces.Limits{}).Add(r, nil)[0]
}

func span(id, parent byte, name string, start, end int64) trace.SpanData {
	return trace.SpanData{
		SpanContext:  trace.SpanContext{TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: id}},
		ParentSpanID: trace.SpanID{7: parent}, Name: name, Start: start, End: end,
	}
}

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "0", 0: "0", 1: "1ns", 999: "999ns", 1000: "1.00us", 12_345: "12.3us", 999_400: "999us", 999_600: "1.00ms",
		9_995_000: "10.0ms", 99_960_000: "100ms", 999_600_000: "1.00s", 12_340_000_000: "12.3s", 59_990_000_000: "60.0s",
		59_999_000_000: "1m00s", 61 * time.Second: "1m01s", time.Hour - time.Second: "59m59s", time.Hour - 1: "1h00m", 90 * time.Minute: "1h30m", 72 * time.Hour: "3d0h",
		1000*24*time.Hour - 1: "999d23h", 1000 * 24 * time.Hour: "1000d", math.MaxInt64: "106751d",
	} {
		assert.Equal(t, want, formatDuration(d, "us"), "%d", d)
		assert.LessOrEqual(t, len(want), durationWidth)
	}
}

// Terminals give flags and families different widths. The bar begins in its column all the same, where there is a cursor.
func TestBarsAfterNamesOfUncertainWidth(t *testing.T) {
	tr := traceOf(span(1, 0, "plain", 1, 1001), span(2, 1, "👨\u200d👩\u200d👧 🇩🇪", 1, 1001))
	o := Options{Width: 80, Color: true, Cursor: true}
	lines := strings.Split(string(Append(nil, tr, o)), "\n")
	assert.NotContains(t, lines[3], "G")
	column := safetext.Width(regexp.MustCompile(`\x1b\[\d*m`).ReplaceAllString(lines[3][:strings.Index(lines[3], "━")], ""))
	assert.Contains(t, lines[4], fmt.Sprintf(" \x1b[%dG", column+1))
	o.Cursor = false
	assert.NotContains(t, string(Append(nil, tr, o)), "G")
}

// The title of a trace with several requests says so, and does not include the time between them.
func TestTitleOfSeveralRequests(t *testing.T) {
	again := span(2, 9, "again", 1_200_000_000_000, 1_200_002_000_000)
	again.ParentRemote = true
	text := Append(nil, traceOf(span(1, 0, "first", 1, 5_000_001), again), Options{Width: 100, Location: time.UTC})
	assert.Contains(t, string(text), "> first  up to 5.00ms  2 requests within 20m00s  2 spans\n")
}

func TestBars(t *testing.T) {
	whole := span(1, 0, "a", 1, 1001)
	event := func(at ...int64) []trace.Event {
		var events []trace.Event
		for _, n := range at {
			events = append(events, trace.Event{Name: "e", Time: n})
		}
		return events
	}
	for _, tc := range []struct {
		name       string
		start, end int64
		events     []trace.Event
		want       string
		fine       string // the same with colours
	}{
		{"whole", 1, 1001, nil, "==========", "━━━━━━━━━━"},
		{"half", 1, 501, nil, "=====     ", "━━━━━     "},
		{"halves of cells", 51, 151, nil, "==        ", "╺╸        "},
		{"a moment", 1, 1, nil, "|         ", "╸         "},
		{"a moment at the end", 1001, 1001, nil, "         |", "         ╺"},
		{"short", 301, 302, nil, "   |      ", "   ╸      "},
		{"open", 501, 0, nil, "     -----", "     ╌╌╌╌╌"},
		{"events", 1, 1001, event(1, 501, 1001), "*====*===*", "◆━━━━◆━━━◆"},
		{"events outside", 401, 601, event(1, 9999), "*   ==   *", "◆   ━━   ◆"},
		{"no start", 0, 501, nil, "          ", "          "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			child := span(2, 1, "b", tc.start, tc.end)
			child.Events = tc.events
			tr := traceOf(whole, child)
			for _, color := range []bool{false, true} {
				o := Options{Color: color}
				d := &drawing{style: newStyle(o), Options: o, trace: tr}
				for _, s := range tr.Spans {
					if s.Name == "b" {
						want := tc.want
						if color {
							want = tc.fine
						}
						assert.Equal(t, want, withoutColor(d.bar(s, newScale(tr, 10))))
					}
				}
			}
		})
	}
}

var sequence = regexp.MustCompile("\x1b\\[[0-9;]*m")

func withoutColor(s string) string { return sequence.ReplaceAllString(s, "") }

func TestManySpans(t *testing.T) {
	var spans []trace.SpanData
	for i := range 10_000 {
		d := span(0, 0, fmt.Sprint("span ", i), int64(i+1), int64(i+2))
		d.SpanContext.SpanID = trace.SpanID{5: 1, 6: byte(i >> 8), 7: byte(i)}
		spans = append(spans, d)
	}
	tr := traceOf(spans...)
	began := time.Now()
	all := string(Append(nil, tr, Options{Width: 100}))
	assert.Less(t, time.Since(began), 5*time.Second)
	assert.Equal(t, 10_000+4, strings.Count(all, "\n"))
	some := string(Append(nil, tr, Options{Width: 100, Rows: 10}))
	assert.Contains(t, some, "... 9990 more spans; --rows 0 shows all")
}

// If a tree is too deep to be indented further, a child must not look like a sibling.
func TestDeepTreesTellTheirDepth(t *testing.T) {
	var spans []trace.SpanData
	for i := range byte(120) {
		spans = append(spans, span(i+1, i, fmt.Sprintf("n%d", i), int64(i)+1, 1000))
	}
	spans = append(spans, span(200, 10, "sibling", 20, 1000))
	for _, width := range []int{40, 60, 100, 140} {
		text := string(Append(nil, traceOf(spans...), Options{Width: width}))
		check(t, text, width)
		assert.Contains(t, text, "a number before a span is its depth\n")
		line := func(name string) string {
			for line := range strings.SplitSeq(text, "\n") {
				if strings.Contains(line, " "+name+" ") {
					return line
				}
			}
			t.Fatalf("%q is not drawn", name)
			return ""
		}
		indent := 0
		for depth := 1; depth < 120; depth++ {
			name := fmt.Sprintf("n%d", depth)
			row := line(name)
			if at := strings.Index(row, name); at > indent {
				indent = at
				continue
			}
			assert.True(t, strings.HasPrefix(row, fmt.Sprintf("  %d ", depth)), "%q", row)
		}
	}
	text := string(Append(nil, traceOf(spans...), Options{Width: 60}))
	assert.Contains(t, text, "\n  10    |- n10 ")
	assert.Contains(t, text, "\n  10    `- sibling ")
	assert.NotContains(t, string(Append(nil, traceOf(spans[:3]...), Options{Width: 60})), "depth")
}

func TestAttributesAreWhole(t *testing.T) {
	failed := span(1, 0, "GET /", 1, 1_001)
	failed.Attributes = []trace.Attribute{trace.String("url.full", "https://shop.example/"+strings.Repeat("a", 40))}
	failed.Status.Code = trace.StatusError
	failed.Events = []trace.Event{{Name: "exception", Time: 501, Attributes: []trace.Attribute{
		trace.String("exception.message", "no answer"), trace.String("exception.stacktrace", "main.handle()\n\tmain.go:7\n"),
	}}}
	got := string(Append(nil, traceOf(failed), Options{Width: 60, Attributes: true}))
	_, below, _ := strings.Cut(got, "error\n   ")
	assert.Equal(t, `  ! no answer
     url.full = https://shop.example/aaaaaaaaaaaaaaaaaaaa
       aaaaaaaaaaaaaaaaaaaa
     * +500ns  exception
        exception.message = no answer
        exception.stacktrace = main.handle()
              main.go:7

`, below)
}

func TestLinksSayWhereTheyLead(t *testing.T) {
	state, err := trace.ParseTraceState("a=1")
	require.NoError(t, err)
	linked := span(1, 0, "GET /", 1, 1_001)
	linked.Links = []trace.Link{
		{SpanContext: linked.SpanContext},
		{Attributes: []trace.Attribute{trace.String("why", "batch")}, DroppedAttributes: 1},
		{SpanContext: trace.SpanContext{SpanID: linked.SpanContext.SpanID, TraceState: state}},
	}
	assert.Contains(t, string(Append(nil, traceOf(linked), Options{Width: 80, Attributes: true})), `
     -> trace 00000000000000000000000000000001 span 0000000000000001
     -> no span
        why = batch
        1 attribute dropped
     -> span 0000000000000001 state a=1
`)
}

// check is the oracle of what may reach a terminal.
func check(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		line = withoutColor(line)
		require.NotContains(t, line, "\x1b")
		require.Equal(t, safetext.Clean(line), line)
		require.LessOrEqual(t, safetext.Width(line), width, "%q", line)
	}
}

func FuzzAppend(f *testing.F) {
	f.Add("GET /", "k", "v", "shop", int64(5), int64(9), int64(7), byte(1), 100)
	f.Add("\x1b[31m\u202e日本", "\r\n", "\x9b\x00", "\x1b]0;x\x07", int64(-5), int64(math.MaxInt64), int64(math.MinInt64), byte(2), 40)
	f.Add("", strings.Repeat("x", 500), strings.Repeat("日", 300), "", int64(math.MinInt64), int64(0), int64(1), byte(3), 61)
	f.Add("", "0", "\xe6", "", int64(math.MinInt64), int64(0), int64(1), byte(3), 0) // a status of ten cells in forty columns
	f.Fuzz(func(t *testing.T, name, key, value, service string, start, end, at int64, parent byte, width int) {
		root := span(1, parent, name, start, end)
		root.Attributes = []trace.Attribute{trace.String(key, value), trace.String("http.response.status_code", value), trace.String("url.path", value)}
		root.Events = []trace.Event{{Name: name, Time: at, Attributes: root.Attributes}, {Name: "exception", Attributes: []trace.Attribute{trace.String("exception.message", value)}}}
		root.Status = trace.Status{Code: trace.StatusError, Description: value}
		root.ParentRemote = start%2 == 0
		root.Links = []trace.Link{{Attributes: root.Attributes}}
		r := lines.Record{
			Batches: []trace.Batch{{Resource: trace.NewResource([]trace.Attribute{trace.String("service.name", service), trace.String(key, value)}), Spans: []trace.SpanData{root, span(2, 1, value, at, end), span(3, 2, key, end, at)}}},
			Logs:    []lines.Log{{TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: parent}, Time: at, Severity: key, Body: value}},
		}
		width = 40 + width&255
		var sum traces.Summary
		for _, tr := range traces.NewStore(traces.Limits{}).Add(r, nil) {
			for _, color := range []bool{false, true} {
				check(t, string(Append(nil, tr, Options{Width: width, Color: color, Attributes: true})), width)
			}
			for _, r := range tr.Requests() {
				sum.Add(r)
			}
		}
		check(t, string(AppendSummary(nil, &sum, Options{Width: width})), max(width, minName+numbersWidth))
	})
}

// A resource is printed once, wherever its spans are.
func TestResourcesAreToldOnce(t *testing.T) {
	var r lines.Record
	for i := range byte(6) {
		service := trace.String("service.name", fmt.Sprint("shop", i%2))
		r.Batches = append(r.Batches, trace.Batch{Resource: trace.NewResource([]trace.Attribute{service}), Spans: []trace.SpanData{span(i+1, 0, "a", 1, 2)}})
	}
	got := string(Append(nil, traces.NewStore(traces.Limits{}).Add(r, nil)[0], Options{Width: 100, Attributes: true}))
	for _, service := range []string{"shop0", "shop1"} {
		assert.Equal(t, 1, strings.Count(got, "service.name = "+service+"\n"))
	}
}
