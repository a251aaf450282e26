package logendpoint

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keys returns the keys of attributes, in their order.
func keys(attrs []trace.Attribute) []string {
	list := []string{}
	for _, a := range attrs {
		list = append(list, a.Key)
	}
	return list
}

func text(key string, n int) trace.Attribute { return trace.String(key, strings.Repeat("x", n)) }

// shrunk exports one span that is too large, and returns what is left of it.
func shrunk(t *testing.T, f format, limit int, d trace.SpanData) (trace.SpanData, Stats) {
	t.Helper()
	w := &writer{}
	c := &counting{format: f.append()}
	e := endpointTo(w, Config{Format: c.Append, LineLimit: limit})
	require.NoError(t, export(e, batch(d)))
	require.Len(t, w.lines, 1)
	require.LessOrEqual(t, len(w.lines[0]), limit)
	require.Less(t, c.calls, 100)
	require.Zero(t, e.Stats().DroppedSpans)
	require.NotZero(t, e.Stats().DroppedValues)
	got := f.spans(t, w.lines)
	require.Len(t, got, 1)
	require.Equal(t, d.SpanContext.SpanID, got[0].SpanContext.SpanID)
	require.Equal(t, d.SpanContext.TraceID, got[0].SpanContext.TraceID)
	require.Equal(t, d.ParentSpanID, got[0].ParentSpanID)
	return got[0], e.Stats()
}

func TestLargestAttributesGo(t *testing.T) {
	link := trace.SpanContext{TraceID: trace.TraceID{2}, SpanID: trace.SpanID{3}}
	for _, test := range []struct {
		name    string
		change  func(d *trace.SpanData)
		kept    []string
		dropped int // of the span, its events and its links
	}{
		{"one of a megabyte", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 10), text("big", 1<<20), text("b", 10)}
		}, []string{"a", "b"}, 1},
		{"several large", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("w", 9_000), text("a", 100), text("x", 1<<20), text("y", 20_000), text("z", 1<<19)}
		}, []string{"w", "a"}, 3},
		{"the largest first", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 6_000), text("b", 8_000), text("c", 5_000)}
		}, []string{"a", "c"}, 1},
		{"a list", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 10), trace.Strings("list", strings.Repeat("x", 20_000), "y"), trace.Int("n", 1)}
		}, []string{"a", "n"}, 1},
		{"a list of numbers", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 10), trace.Ints("list", make([]int, 10_000)...), trace.Int("n", 1)}
		}, []string{"a", "n"}, 1},
		{"a large key", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 10), trace.Bool(strings.Repeat("k", 50_000), true), trace.Int("n", 1)}
		}, []string{"a", "n"}, 1},
		{"of an event", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 10)}
			d.Events = []trace.Event{{Name: "e", Attributes: []trace.Attribute{text("stack", 30_000), text("type", 10)}}}
		}, []string{"a", "e.type"}, 1},
		{"of a link", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 10)}
			d.Links = []trace.Link{{SpanContext: link, Attributes: []trace.Attribute{text("big", 30_000), text("type", 10)}}}
		}, []string{"a", "l.type"}, 1},
		{"control characters", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 1000), trace.String("bin", strings.Repeat("\x00\x01\x7f", 2000)), text("b", 1000)}
		}, []string{"a", "b"}, 1},
		{"invalid UTF-8", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 1000), trace.String("bin", strings.Repeat("\xff\xfe", 7900)), text("b", 1000)}
		}, []string{"a", "b"}, 1},
		{"quotes and backslashes", func(d *trace.SpanData) {
			d.Attributes = []trace.Attribute{text("a", 1000), trace.String("bin", strings.Repeat(`"\`, 5000)), text("b", 1000)}
		}, []string{"a", "b"}, 1},
	} {
		for _, f := range formats[:2] {
			t.Run(test.name+" "+f.name, func(t *testing.T) {
				d := span(1)
				test.change(&d)
				got, stats := shrunk(t, f, DefaultLineLimit, d)
				kept, dropped := keys(got.Attributes), int(got.DroppedAttributes)
				for _, e := range got.Events {
					for _, a := range e.Attributes {
						kept = append(kept, e.Name+"."+a.Key)
					}
					dropped += int(e.DroppedAttributes)
				}
				for _, l := range got.Links {
					require.Equal(t, link.TraceID, l.SpanContext.TraceID)
					for _, a := range l.Attributes {
						kept = append(kept, "l."+a.Key)
					}
					dropped += int(l.DroppedAttributes)
				}
				require.Equal(t, test.kept, kept)
				require.Equal(t, test.dropped, dropped)
				require.Equal(t, uint64(test.dropped), stats.DroppedValues)
				require.Equal(t, d.Name, got.Name)
			})
		}
	}
}

func TestDropsAreAddedToEarlierOnes(t *testing.T) {
	d := span(1, text("a", 10), text("big", 20_000))
	d.DroppedAttributes = 7
	for _, f := range formats[:2] {
		got, stats := shrunk(t, f, DefaultLineLimit, d)
		require.Equal(t, uint32(8), got.DroppedAttributes)
		require.Equal(t, uint64(1), stats.DroppedValues)
	}
}

func TestThousandsOfTinyAttributes(t *testing.T) {
	const n = 5000
	for _, f := range formats[:2] {
		d := span(1)
		for i := range n {
			d.Attributes = append(d.Attributes, trace.Int(fmt.Sprint("key", i), i))
		}
		got, stats := shrunk(t, f, DefaultLineLimit, d)
		require.Equal(t, n, len(got.Attributes)+int(got.DroppedAttributes))
		require.Equal(t, uint64(got.DroppedAttributes), stats.DroppedValues)
		require.Greater(t, len(got.Attributes), 100, "as many as fit, about")
	}
}

// The work for a span that is too large is limited, whatever the sizes of its values.
func TestWorkOfShrinking(t *testing.T) {
	t.Parallel()
	sizes := map[string]func(i int) int{
		"even":    func(i int) int { return i * 5 },
		"equal":   func(int) int { return 2000 },
		"doubled": func(i int) int { return 1 << (i % 14) },
		"narrow":  func(i int) int { return 2000 + i%300 },
	}
	for name, size := range sizes {
		for _, f := range formats[:2] {
			d := span(1)
			for i := range 300 {
				d.Attributes = append(d.Attributes, trace.String(fmt.Sprint("k", i), strings.Repeat("\x01", size(i))))
			}
			whole := len(f.append()(nil, batch(d)))
			w := &writer{}
			c := &counting{format: f.append()}
			e := endpointTo(w, Config{Format: c.Append})
			require.NoError(t, export(e, batch(d)))
			require.Len(t, w.lines, 1)
			t.Logf("%s %s: %d kB, %d encodings of %d kB", name, f.name, whole>>10, c.calls, c.bytes>>10)
			assert.Less(t, c.calls, 100)
			assert.Less(t, c.bytes, 12*whole)
		}
	}
}

// A huge name loses its end, and nothing else is dropped.
func TestHugeTexts(t *testing.T) {
	huge := map[string]string{
		"plain":         strings.Repeat("name ", 200_000),
		"control":       strings.Repeat("\x00", 100_000),
		"invalid UTF-8": strings.Repeat("\xff", 100_000),
		"continuations": strings.Repeat("\x80", 100_000),    // bytes that begin no character
		"runes":         "x" + strings.Repeat("ü", 100_000), // the limit is in the middle of a character
	}
	for kind, s := range huge {
		for what, change := range map[string]func(d *trace.SpanData){
			"name":   func(d *trace.SpanData) { d.Name = s },
			"status": func(d *trace.SpanData) { d.Status = trace.Status{Code: trace.StatusError, Description: s} },
			"event":  func(d *trace.SpanData) { d.Events = []trace.Event{{Name: s}, {Name: "second"}} },
		} {
			for _, f := range formats[:2] {
				t.Run(what+" "+kind+" "+f.name, func(t *testing.T) {
					d := span(1, text("a", 1000), trace.Int("n", 1))
					d.Events = []trace.Event{{Name: "e", Attributes: []trace.Attribute{text("b", 1000)}}}
					change(&d)
					got, stats := shrunk(t, f, DefaultLineLimit, d)
					assert.Len(t, got.Attributes, 2)
					assert.Zero(t, got.DroppedAttributes)
					assert.Len(t, got.Events, len(d.Events))
					assert.Equal(t, uint64(1), stats.DroppedValues)
					assert.Equal(t, d.Status.Code, got.Status.Code)
					switch {
					case what == "name" && kind == "plain":
						assert.Equal(t, s[:256], got.Name)
					case what == "name" && kind == "runes":
						assert.Equal(t, s[:maxShortened-1], got.Name)
					}
				})
			}
		}
	}
}

// If only the number of events and links is too large, the later ones are dropped.
func TestManyEventsAndLinks(t *testing.T) {
	for _, f := range formats[:2] {
		d := span(1)
		for i := range 1000 {
			d.Events = append(d.Events, trace.Event{Name: fmt.Sprint("event ", i), Time: d.Start})
			d.Links = append(d.Links, trace.Link{SpanContext: trace.SpanContext{TraceID: trace.TraceID{9}, SpanID: spanID(i + 1)}})
		}
		got, stats := shrunk(t, f, DefaultLineLimit, d)
		require.NotEmpty(t, got.Events)
		require.NotEmpty(t, got.Links)
		require.Equal(t, "event 0", got.Events[0].Name, "the first stay")
		require.Equal(t, 1000, len(got.Events)+int(got.DroppedEvents))
		require.Equal(t, 1000, len(got.Links)+int(got.DroppedLinks))
		require.Equal(t, uint64(got.DroppedEvents+got.DroppedLinks), stats.DroppedValues)
	}
}

// The small attributes of a span say what happened and how it came out. They outlive the events and links that have no room, and so
// does the exception that ended the span.
func TestSmallAttributesOutliveEventsAndLinks(t *testing.T) {
	own := []trace.Attribute{trace.String("http.request.method", "GET"), text("url.path", 100), trace.Int("http.response.status_code", 503), trace.String("error.type", "503")}
	failed := trace.Event{Name: trace.ExceptionEvent, Attributes: []trace.Attribute{text("exception.message", 50), text("exception.stacktrace", 8000)}}
	for _, f := range formats[:2] {
		for n := 50; n <= 400; n += 7 {
			d := span(1, own...)
			for i := range n {
				d.Events = append(d.Events, trace.Event{Name: "piece", Time: d.Start, Attributes: []trace.Attribute{trace.Int("example.piece", i)}})
				d.Links = append(d.Links, trace.Link{SpanContext: trace.SpanContext{TraceID: trace.TraceID{9}, SpanID: spanID(i + 1)}})
			}
			d.Events = append(d.Events, failed)
			if len(f.append()(nil, batch(d))) <= DefaultLineLimit {
				continue
			}
			got, _ := shrunk(t, f, DefaultLineLimit, d)
			require.Equal(t, own, got.Attributes, n)
			require.Equal(t, n+1, len(got.Events)+int(got.DroppedEvents), n)
			require.Equal(t, n, len(got.Links)+int(got.DroppedLinks), n)
			last := got.Events[len(got.Events)-1]
			require.Equal(t, trace.ExceptionEvent, last.Name, n)
			require.Contains(t, last.Attributes, failed.Attributes[0], n)
			for i, e := range got.Events[:len(got.Events)-1] {
				require.Equal(t, d.Events[i].Attributes, e.Attributes, "the first events, with their attributes")
			}
		}
	}
}

// TestExceptionsOutliveOtherEvents checks that no exception goes while there is another event.
func TestExceptionsOutliveOtherEvents(t *testing.T) {
	for _, f := range formats[:2] {
		d := span(1, text("big", 14_000))
		for i := range 100 {
			name := "piece"
			if i%3 == 0 {
				name = trace.ExceptionEvent
			}
			d.Events = append(d.Events, trace.Event{Name: name, Time: d.Start, Attributes: []trace.Attribute{text("a", 100)}})
		}
		got, _ := shrunk(t, f, DefaultLineLimit, d)
		exceptions := 0
		for _, e := range got.Events {
			if e.Name == trace.ExceptionEvent {
				exceptions++
			}
		}
		require.Equal(t, 34, exceptions)
		require.Equal(t, 100, len(got.Events)+int(got.DroppedEvents))
		require.NotZero(t, got.DroppedEvents)
	}
}

// TestManyExceptions checks that exceptions go too, if there is nothing else.
func TestManyExceptions(t *testing.T) {
	for _, f := range formats[:2] {
		d := span(1, trace.Int("n", 1))
		for range 1000 {
			d.Events = append(d.Events, trace.Event{Name: trace.ExceptionEvent, Time: d.Start})
		}
		got, _ := shrunk(t, f, DefaultLineLimit, d)
		require.NotEmpty(t, got.Events)
		require.Equal(t, 1000, len(got.Events)+int(got.DroppedEvents))
		require.Equal(t, d.Attributes, got.Attributes)
	}
}

// A trace state is at most 7 kB and is kept, because it says how many traces the trace stands for.
func TestLongTraceState(t *testing.T) {
	var members []string
	for i := range 15 {
		members = append(members, fmt.Sprintf("v%d=%s", i, strings.Repeat("y", 250)))
	}
	state, err := trace.ParseTraceState(strings.Join(members, ","))
	require.NoError(t, err)
	for _, f := range formats[:2] {
		d := span(1, text("big", 14_000), text("a", 10))
		d.SpanContext.TraceState = state
		got, _ := shrunk(t, f, DefaultLineLimit, d)
		require.Equal(t, state, got.SpanContext.TraceState)
		require.Equal(t, []string{"a"}, keys(got.Attributes))

		// With a limit below the size of the state, the span is lost and counted.
		w := &writer{}
		e := endpointTo(w, Config{Format: f.append(), LineLimit: 3000})
		require.Equal(t, errTooLarge, export(e, batch(d, span(2))))
		require.Equal(t, []string{spanID(2).String()}, ids(f.spans(t, w.lines)))
		require.Equal(t, uint64(1), e.Stats().DroppedSpans)
		require.Equal(t, uint64(1), e.Stats().Spans)
	}
}

// A span is given up only if it does not fit with everything removed.
func TestShrinksAsFarAsPossible(t *testing.T) {
	for _, f := range formats[:2] {
		bare := span(1)
		bare.DroppedAttributes, bare.DroppedEvents, bare.DroppedLinks = 2, 1, 1
		d := span(1, text("a", 100), trace.Int("n", 1))
		d.Events = []trace.Event{{Name: "e"}}
		d.Links = []trace.Link{{SpanContext: trace.SpanContext{TraceID: trace.TraceID{9}, SpanID: spanID(7)}}}
		got, stats := shrunk(t, f, len(f.append()(nil, batch(bare))), d)
		require.Empty(t, got.Attributes)
		require.Empty(t, got.Events)
		require.Empty(t, got.Links)
		require.Equal(t, []uint32{2, 1, 1}, []uint32{got.DroppedAttributes, got.DroppedEvents, got.DroppedLinks})
		require.Equal(t, uint64(4), stats.DroppedValues)
	}
}

// A name that is slightly longer than the part that is kept is shortened too, and the span is not lost.
func TestNameSlightlyTooLong(t *testing.T) {
	for _, name := range []string{strings.Repeat("n", 262), strings.Repeat("\x01", 262), strings.Repeat("n", 257)} {
		d := trace.SpanData{Name: name, Kind: trace.SpanKindInternal, Start: 1_700_000_000_000_000_000, End: 1_700_000_000_000_000_001}
		w := &writer{}
		require.NoError(t, export(endpointTo(w, Config{}), batch(d)))
		whole := len(w.lines[0])
		d.Name = name[:maxShortened]
		require.NoError(t, export(endpointTo(w, Config{}), batch(d)))
		least := len(w.lines[1])
		for limit := least; limit < whole; limit++ {
			d.Name = name
			e := endpointTo(&writer{}, Config{LineLimit: limit})
			require.NoError(t, export(e, batch(d)))
			require.Equal(t, Stats{Lines: 1, Bytes: uint64(least), Spans: 1, DroppedValues: 1}, e.Stats())
		}
	}
}

// Nothing of a span that is too large is copied.
func TestShrinkAllocatesLittle(t *testing.T) {
	d := trace.SpanData{Name: "large", Attributes: []trace.Attribute{text("big", 1<<20)}}
	for i := range 128 {
		event := trace.Event{Name: "event"}
		for j := range 16 {
			event.Attributes = append(event.Attributes, trace.Int(strconv.Itoa(i*100+j), j))
		}
		d.Events = append(d.Events, event)
	}
	e := endpointTo(&writer{}, Config{LineLimit: 256 << 10})
	var given []*trace.Batch // one for each export, which changes it
	for range 1 + 5 {
		given = append(given, batch(d).Clone())
	}
	allocs := testing.AllocsPerRun(5, func() {
		_ = export(e, given[0])
		given = given[1:]
	})
	require.Equal(t, uint64(6), e.Stats().DroppedValues)
	assert.Less(t, allocs, 10.0, "the buffer, which is too large to be kept")
}
