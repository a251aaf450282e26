package tracetest

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/trace"
)

func TestWaterfall(t *testing.T) {
	spans := request()
	spans[0].Attributes = append(spans[0].Attributes, trace.Int("server.port", 40123), trace.Int("http.request.body.size", 3), trace.Int("http.routes", 1))
	for name, tt := range map[string]struct {
		w    Waterfall
		want string
	}{
		"plain": {Waterfall{}, `GET / [server] error "no stock"
  fetch [client]
  render [internal]
    fetch [client]
`},
		"attributes": {Waterfall{Attributes: []string{"http.response.*", "http.route"}, Vary: []string{"server.port"}}, `GET / [server] error "no stock"
    http.response.status_code=500
    http.route="/"
    server.port=*
  fetch [client]
  render [internal]
    fetch [client]
`},
		"events": {Waterfall{Attributes: []string{"attempt"}, Events: true}, `GET / [server] error "no stock"
    event retry attempt=1
    event retry attempt=2
  fetch [client]
  render [internal]
    fetch [client]
        link to fetch
`},
		"steps": {Waterfall{Steps: true, Attributes: []string{"http.route"}}, `========  GET / [server] error "no stock"
              http.route="/"
 ==         fetch [client]
   ====     render [internal]
    ==        fetch [client]
`},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, tt.w.Draw(spans)) })
	}
	require.Empty(t, Waterfall{Steps: true}.Draw(nil))
}

// The text is the same in whatever order the goroutines of a request run.
func TestWaterfallDoesNotTellTime(t *testing.T) {
	want := Waterfall{}.Draw(request())
	for range 100 {
		spans := request()
		for i := range spans[1:] {
			d := &spans[i+1]
			d.Start = 2 + rand.Int64N(5)
			d.End = d.Start + rand.Int64N(5)
		}
		rand.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
		require.Equal(t, want, Waterfall{}.Draw(spans))
	}
}

// Spans that overlap share columns.
func TestStepsAtOnce(t *testing.T) {
	spans := request()[:3]
	spans[1].End = 5 * second // render starts before that
	require.Equal(t, `======  GET / [server] error "no stock"
 ===      fetch [client]
  ===     render [internal]
`, Waterfall{Steps: true}.Draw(spans))

	// If times are equal, a parent encloses its children, wherever it is in the list.
	slices.Reverse(spans)
	for i := range spans {
		spans[i].Start, spans[i].End = 7, 7
	}
	require.Equal(t, `======  GET / [server] error "no stock"
 ==       render [internal]
   ==     fetch [client]
`, Waterfall{Steps: true}.Draw(spans))
}

// Steps have no lengths. Spans that start and end at the same time, or do not end, are drawn too.
func TestSteps(t *testing.T) {
	spans := request()
	want := Waterfall{Steps: true}.Draw(spans)
	spans[0].End *= 1000
	require.Equal(t, want, Waterfall{Steps: true}.Draw(spans))
	for i := range spans {
		spans[i].Start, spans[i].End = 7, 7
	}
	require.Equal(t, want, Waterfall{Steps: true}.Draw(spans), "a clock that stands")
	for i := range spans {
		spans[i].End = 0
	}
	require.Contains(t, Waterfall{Steps: true}.Draw(spans), "(not ended)")
	circle := []trace.SpanData{
		{SpanContext: id(1), ParentSpanID: trace.SpanID{7: 2}, Name: "a", End: 1},
		{SpanContext: id(2), ParentSpanID: trace.SpanID{7: 1}, Name: "b", End: 1},
	}
	require.Equal(t, "====  a [unspecified]\n ==     b [unspecified]\n", Waterfall{Steps: true}.Draw(circle))
}

func TestAssertGolden(t *testing.T) {
	t.Setenv(updateEnv, "") // in case it is set to update the files of other tests
	file := filepath.Join(t.TempDir(), "new", "trace.golden")
	f := new(fakeTB)
	AssertGolden(f, file, request(), Waterfall{})
	require.Len(t, f.errors, 1)
	require.Contains(t, f.errors[0], "Run the test with EDGESPAN_UPDATE=1 to write the file. The spans are\nGET / [server]")

	t.Setenv(updateEnv, "1")
	f = new(fakeTB)
	AssertGolden(f, file, request(), Waterfall{})
	require.Empty(t, f.errors)
	t.Setenv(updateEnv, "0")
	AssertGolden(f, file, request(), Waterfall{})
	require.Empty(t, f.errors)

	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, slices.Concat([]byte("one more\r\n"), text), 0o600))
	AssertGolden(f, file, request()[:3], Waterfall{})
	require.Equal(t, []string{"the spans differ from " + file + `. If they are right, run the test with EDGESPAN_UPDATE=1 to write the file. Lines with - are missing, those with + are new:
- one more
  GET / [server] error "no stock"
    fetch [client]
    render [internal]
-     fetch [client]
`}, f.errors)

	t.Setenv(updateEnv, "1")
	f = new(fakeTB)
	AssertGolden(f, filepath.Dir(file), request(), Waterfall{})
	require.Len(t, f.errors, 1, "a directory can't be written")
}

func TestDiff(t *testing.T) {
	for _, tt := range [][3]string{
		{"", "", ""},
		{"a\n", "a\n", "  a\n"},
		{"a\nb\nc\n", "a\nc\nd\n", "  a\n- b\n  c\n+ d\n"},
		{"", "a\n", "+ a\n"},
		{"a", "a\n", "- a\n+ a\n"},
		{"a\nb", "a\n", "  a\n- b\n"},
		{"a\n", "a\nb", "  a\n+ b\n"},
	} {
		require.Equal(t, tt[2], diff(tt[0], tt[1]))
	}
}

// inCommon returns how many lines two texts have in common, in their order.
func inCommon(a, b []string) int {
	switch {
	case len(a) == 0 || len(b) == 0:
		return 0
	case a[0] == b[0]:
		return 1 + inCommon(a[1:], b[1:])
	}
	return max(inCommon(a[1:], b), inCommon(a, b[1:]))
}

// TestDiffIsShort checks that the diff contains both texts, with common lines only once.
func TestDiffIsShort(t *testing.T) {
	lines := func() (list []string) {
		for range rand.IntN(7) {
			list = append(list, string(rune('a'+rand.IntN(3))))
		}
		return list
	}
	for range 500 {
		a, b := lines(), lines()
		var want, got []string
		common := 0
		text := diff(strings.Join(append(a, ""), "\n"), strings.Join(append(b, ""), "\n"))
		for line := range strings.Lines(text) {
			mark, line := line[:2], strings.TrimSuffix(line[2:], "\n")
			if mark != "+ " {
				want = append(want, line)
			}
			if mark != "- " {
				got = append(got, line)
			}
			if mark == "  " {
				common++
			}
		}
		require.Equal(t, a, want)
		require.Equal(t, b, got)
		require.Equal(t, inCommon(a, b), common, text)
	}
}
