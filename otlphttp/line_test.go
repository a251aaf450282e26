package otlphttp

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/otlp"
	"github.com/edgespan/edgespan/sdk/trace"
)

func TestJoinSharesTheResource(t *testing.T) {
	a, b := line(spans(1)), line(spans(2))
	other := spans(1)
	other.Resource = nil
	c := line(other)
	body, n := join(nil, [][]byte{a, b, c, c, a}, 1<<20)
	assert.Equal(t, 5, n)
	batches, err := otlp.Decode(body)
	require.NoError(t, err)
	require.Len(t, batches, 3)
	assert.Len(t, batches[0].Spans, 3)
	assert.Len(t, batches[1].Spans, 2)
	assert.Len(t, batches[2].Spans, 1)
	assert.Equal(t, 2, bytes.Count(body, []byte("service.name")))
}

func TestJoinHasBounds(t *testing.T) {
	a := line(spans(3))
	lines := [][]byte{a, a, a, a, a}
	for limit := range 6 * len(a) {
		body, n := join(nil, lines, limit)
		assert.True(t, n == 1 || len(body) <= limit)
		assert.Len(t, names(t, body), 3*n)
	}
	strange := []byte(`{"resourceSpans":[]}`)
	body, n := join(nil, [][]byte{a, strange, a}, 1<<20)
	assert.Equal(t, 1, n)
	assert.Equal(t, a, body)
	body, n = join(nil, [][]byte{strange, a}, 1<<20)
	assert.Equal(t, 1, n)
	assert.Equal(t, strange, body)
}

// A line that was cut off anywhere, alone or followed by another line, is not a line.
func TestCountRefusesTornLines(t *testing.T) {
	b := spans(2, trace.String("q", `startTimeUnixNano":"{[`), trace.Strings("list", "a", "]}]}]}"))
	b.Spans[0].Links = []trace.Link{{SpanContext: b.Spans[1].SpanContext}}
	whole := line(b)
	require.Equal(t, 2, count(whole))
	for i := range whole {
		require.Zero(t, count(whole[:i]))
		if i > 0 {
			require.Zero(t, count(append(bytes.Clone(whole[:i]), whole...)), "%d", i)
		}
	}
	require.Zero(t, count(append(bytes.Clone(whole), whole...)))
	require.Zero(t, count([]byte(`{"resourceSpans":[{"resource":{},"scopeSpans":[]},{"resource":{},"scopeSpans":[]}]}`)), "not one of ours")
}

// Counting the spans of a line does not overflow the stack, however deep the line nests.
func TestCountOfADeepLine(t *testing.T) {
	deep := func(n int) []byte {
		return []byte(`{"resourceSpans":[{"resource":{"attributes":` + strings.Repeat("[", n) + strings.Repeat("]", n) +
			`},"scopeSpans":[{"spans":[{"startTimeUnixNano":"1"}]}]}]}`)
	}
	assert.Equal(t, 1, count(deep(100)))
	assert.Zero(t, count(deep(5_000_000)))
}

// FuzzJoin joins the lines of traces with random texts, and checks that all spans are in the result.
func FuzzJoin(f *testing.F) {
	f.Add("some", "others", 2, 3000)
	f.Add("\"}]}", "\\\xff\x00{", 1, 300)
	f.Fuzz(func(t *testing.T, a, b string, n, limit int) {
		n = n & 15
		first, second := spans(n, trace.String(a, b), trace.Strings(b, a, a)), spans(1)
		first.Resource = trace.NewResource([]trace.Attribute{trace.String("service.name", a), trace.String(b, a)})
		second.Spans[0].Name, second.Spans[0].Scope = a, &trace.Scope{Name: b}
		var want []string
		var lines [][]byte
		for _, batch := range []*trace.Batch{first, second, first, first, second, second} {
			if len(batch.Spans) == 0 {
				continue
			}
			text := line(batch)
			require.Equal(t, len(batch.Spans), count(text))
			lines = append(lines, text)
			want = append(want, names(t, text)...)
		}
		var got []string
		for len(lines) > 0 {
			body, n := join(nil, lines, limit)
			require.Positive(t, n)
			require.True(t, n == 1 || len(body) <= limit)
			got = append(got, names(t, body)...)
			lines = lines[n:]
		}
		require.Equal(t, want, got)
	})
}

func FuzzCount(f *testing.F) {
	f.Add(line(spans(2)))
	f.Add([]byte(`{"resourceSpans":[{"resource":{"\`))
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = prefixLength(text)
		if n := count(text); n > 0 {
			a := line(spans(1))
			body, taken := join(nil, [][]byte{a, text, a}, 1<<30)
			require.Equal(t, 3, taken)
			require.True(t, bytes.HasSuffix(body, []byte(lineTail)))
		}
	})
}
