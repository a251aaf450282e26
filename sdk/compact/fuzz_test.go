package compact_test

import (
	"bytes"
	stdjson "encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/internal/spangen"
	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/stretchr/testify/require"
)

// losses are the differences that the documentation of Decode lists.
var losses = spangen.Losses{Attribute: withoutNaN}

// withoutNaN replaces NaN and the infinities by the strings that stand for them. In a list with numbers, they are read back as
// numbers.
func withoutNaN(a trace.Attribute) trace.Attribute {
	switch a.Value.Kind() {
	case trace.KindFloat64:
		if text := notANumber(a.Value.Float64()); text != "" {
			return trace.String(a.Key, text)
		}
	case trace.KindFloat64s:
		var texts []string
		for _, f := range a.Value.Float64s() {
			text := notANumber(f)
			if text == "" {
				return a
			}
			texts = append(texts, text)
		}
		return trace.Strings(a.Key, texts...)
	}
	return a
}

func notANumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return ""
}

// takenLast moves the attributes whose keys are those of Honeycomb's columns to the end.
func takenLast(attrs []trace.Attribute) []trace.Attribute {
	var free, taken []trace.Attribute
	for _, a := range attrs {
		switch {
		case a.Key == "name" || a.Key == "attributes" || a.Key == "error" || a.Key == "service.name" || strings.HasPrefix(a.Key, "resource."):
			taken = append(taken, a)
		default:
			free = append(free, a)
		}
	}
	return append(free, taken...)
}

// formats are the functions that write lines, and what their lines lose.
var formats = []struct {
	append func(dst []byte, b *trace.Batch) []byte
	losses spangen.Losses
}{
	{compact.Append, losses},
	{compact.AppendHoneycomb, spangen.Losses{Attribute: withoutNaN, Attributes: takenLast}},
	{compact.AppendBigQuery, losses},
}

func randomBytes(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 0))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// FuzzAppend checks that any batch makes one valid line for each span, which decodes to the same span.
func FuzzAppend(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(randomBytes(seed, 40*int(seed)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := spangen.Batch(data)
		for _, format := range formats {
			check(t, b, format.append, format.losses.Apply(b))
		}
	})
}

func check(t *testing.T, b *trace.Batch, write func([]byte, *trace.Batch) []byte, want trace.Batch) {
	t.Helper()
	text := write(nil, b)
	if len(b.Spans) == 0 {
		require.Empty(t, text)
		return
	}
	lines := bytes.Split(text, []byte("\n"))
	require.Len(t, lines, len(b.Spans))
	for i, line := range lines {
		require.True(t, stdjson.Valid(line), "not JSON: %s", line)
		got, err := compact.Decode(line)
		require.NoError(t, err, "%s", line)
		require.Equal(t, trace.Batch{Resource: want.Resource, Spans: want.Spans[i : i+1]}, got, "%s", line)
	}
}

// FuzzDecode checks that any line makes an error, or a batch that stays the same when it is encoded and decoded again.
func FuzzDecode(f *testing.F) {
	for _, tt := range lines {
		f.Add([]byte(tt.compact))
		f.Add([]byte(tt.honeycomb))
		f.Add(compact.AppendBigQuery(nil, tt.batch))
	}
	for _, tt := range decodeErrors {
		f.Add([]byte(tt.line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		given := bytes.Clone(line)
		b, err := compact.Decode(line)
		require.Equal(t, given, line, "the line was changed")
		if err != nil {
			require.Zero(t, b)
			require.Less(t, len(err.Error()), 2000)
			return
		}
		check(t, &b, compact.Append, b)
		check(t, &b, compact.AppendBigQuery, b)
	})
}
