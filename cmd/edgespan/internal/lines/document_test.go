package lines

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const oneSpan = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"a  b"}]}]}]}`

func indented(t testing.TB, text, prefix, indent string) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, []byte(text), prefix, indent))
	return b.String() + "\n"
}

// A document that spans lines is one line, wherever it is in the input, and its end is known.
func TestReaderJoinsADocument(t *testing.T) {
	for name, doc := range map[string]string{
		"two spaces": indented(t, oneSpan, "", "  "),
		"tabs":       indented(t, oneSpan, "", "\t"),
		"CRLF":       strings.ReplaceAll(indented(t, oneSpan, "", "    "), "\n", "\r\n"),
		"a list":     indented(t, "["+oneSpan+","+oneSpan+"]", "", "  "),
		"its mark":   "\ufeff" + indented(t, oneSpan, "", "  "),
	} {
		t.Run(name, func(t *testing.T) {
			r := NewReader(strings.NewReader("before\n" + doc + doc + "{ after\n"))
			if strings.HasPrefix(doc, "\ufeff") {
				r = NewReader(strings.NewReader(doc + strings.TrimPrefix(doc, "\ufeff") + "{ after\n"))
			} else {
				_, err := r.Next()
				require.NoError(t, err)
			}
			number := r.Number + 1
			for range 2 {
				line, err := r.Next()
				require.NoError(t, err)
				got := Parse(line)
				assert.Equal(t, Spans, got.Kind, string(line))
				assert.Equal(t, "a  b", got.Batches[0].Spans[0].Name)
				assert.NotContains(t, string(line), "\n")
				assert.Equal(t, number, r.Number)
				assert.Contains(t, []string{"}", "]"}, string(r.Last))
				number += strings.Count(doc, "\n")
			}
			at := r.Offset
			line, err := r.Next()
			require.NoError(t, err)
			assert.Equal(t, "{ after", string(line))
			assert.Equal(t, int64(len("{ after\n")), r.Offset-at)
			assert.Equal(t, number, r.Number)
		})
	}
}

// A text that is not a document of telemetry is returned line by line, and nothing after it is lost.
func TestReaderLeavesOtherLinesAlone(t *testing.T) {
	doc := indented(t, oneSpan, "", "  ")
	joined := readAll(t, NewReader(strings.NewReader(doc)))
	require.Len(t, joined, 1)
	for name, before := range map[string]string{
		"another document": "{\n  \"a\": 1\n}\n",
		"a lone brace":     "{\n",
		"two braces":       "{\n{\n[\n",
		"cut off":          "{\n  \"resourceSpans\": [\nplain\n",
		"a stack trace":    "[\n\tat a\n\tat b\ndone\n",
		"blank":            "{\n\n  }\n}\n",
		"the other end":    "{\n  \"trace_id\": 1\n]\n",
	} {
		t.Run(name, func(t *testing.T) {
			want := append(strings.Split(strings.TrimSuffix(before, "\n"), "\n"), joined[0])
			assert.Equal(t, want, readAll(t, NewReader(iotest.OneByteReader(strings.NewReader(before+doc)))))
		})
	}
	assert.Equal(t, []string{"{"}, readAll(t, NewReader(strings.NewReader("{"))))
	assert.Equal(t, []string{"{", "  1"}, readAll(t, NewReader(strings.NewReader("{\n  1"))))
}

// A document that is still being written is torn. One that is never finished is broken.
func TestReaderTellsThatADocumentIsTorn(t *testing.T) {
	doc := indented(t, oneSpan, "", "  ")
	for _, end := range []int{len(doc) - 2, len(doc) - 3, len(doc) - 10} {
		r := NewReader(strings.NewReader(doc[:end]))
		line, err := r.Next()
		require.NoError(t, err)
		assert.True(t, r.Torn)
		assert.Equal(t, Broken, Parse(line).Kind)
		_, err = r.Next()
		assert.Equal(t, io.EOF, err)
	}
}

func TestReaderBoundsADocument(t *testing.T) {
	doc := indented(t, "["+strings.Repeat(oneSpan+",", 20)+oneSpan+"]", "", "  ")
	other := "{\n" + strings.Repeat("  other\n", 3000) + "}\n"
	long := "{\n  " + strings.Repeat("x", 3000) + "\n}\n"
	in := "a\n" + doc + "b\n" + other + long + "c\n" + strings.TrimSuffix(doc, "]\n")
	r := NewReader(strings.NewReader(in))
	r.max = 2000
	r.in = bufio.NewReaderSize(strings.NewReader(in), 16)
	all := readAll(t, r)
	assert.Equal(t, 3, r.TooLong)
	assert.Equal(t, int64(len(in)), r.Offset)
	assert.Equal(t, []string{"a", "b", "{", "  other"}, all[:4])
	assert.Equal(t, "c", all[len(all)-1])
	assert.Len(t, all, 4+3000+1)
}

func TestReaderReturnsTheErrorWithinADocument(t *testing.T) {
	broken := errors.New("broken")
	r := NewReader(io.MultiReader(strings.NewReader("{\n  \"resourceSpans\":\n"), iotest.ErrReader(broken)))
	for _, want := range []string{"{", `  "resourceSpans":`} {
		line, err := r.Next()
		require.NoError(t, err)
		assert.Equal(t, want, string(line))
	}
	_, err := r.Next()
	assert.ErrorIs(t, err, broken)
}
