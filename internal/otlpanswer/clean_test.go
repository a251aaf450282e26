package otlpanswer

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func asIs(text string) string { return text }

// message returns what Read makes of a receiver's text, in both places where the text can be.
func message(t *testing.T, text string) string {
	partial, err := json.Marshal(map[string]any{"partialSuccess": map[string]any{"rejectedSpans": 1, "errorMessage": text}})
	require.NoError(t, err)
	status, err := json.Marshal(map[string]any{"message": text})
	require.NoError(t, err)
	_, _, taken := Read(200, "application/json", partial, RejectedSpans, 1, asIs)
	_, _, refused := Read(400, "application/json", status, RejectedSpans, 1, asIs)
	assert.Equal(t, taken, refused)
	return taken
}

func TestMessagesAreFitForATerminal(t *testing.T) {
	for text, want := range map[string]string{
		"no such project":              "no such project",
		"日本語 é 🎉":                      "日本語 é 🎉",
		"\u009b31mred":                 " 31mred",
		"\x1b[31mred\x07\r\n\x7f":      " [31mred    ",
		"a\u202eb\u2066c\u200bd":       "abcd",
		"one\u2028two":                 "one two",
		strings.Repeat("é", 150):       strings.Repeat("é", 100) + "…",
		"x" + strings.Repeat("é", 150): "x" + strings.Repeat("é", 99) + "…",
	} {
		assert.Equal(t, want, message(t, text), "%q", text)
	}
	assert.Equal(t, "bad ? bytes", clean("bad \xff\xfe bytes", asIs))
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if got := clean(string(r), asIs); unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) && got != " " || unicode.Is(unicode.Cf, r) != (got == "") {
			assert.Fail(t, "not fit", "%U gives %q", r, got)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\u009b31m")
	f.Add(strings.Repeat("\u202e", 70))
	f.Fuzz(func(t *testing.T, text string) {
		got := clean(text, asIs)
		assert.True(t, utf8.ValidString(got))
		assert.LessOrEqual(t, len(got), maxMessage+len("…"))
		assert.False(t, strings.ContainsFunc(got, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }), "%q", got)
	})
}
