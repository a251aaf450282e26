package safetext

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                                      "",
		"GET /api":                              "GET /api",
		"日本語 🎉 é":                               "日本語 🎉 é",
		"a\nb\r\tc":                             `a\nb\r\tc`,
		"\x1b[31mred\x1b[0m":                    `\x1b[31mred\x1b[0m`,
		"\x1b]0;title\x07":                      `\x1b]0;title\x07`,
		"\u009b31m":                             `\u009b31m`,
		"\x9b31m":                               `\x9b31m`,
		"a\u202eb\u2066c\u200bd":                `a\u202eb\u2066c\u200bd`,
		"\u2028\ufeff":                          `\u2028\ufeff`,
		"\U000e0041":                            `\U000e0041`,
		"no\u00a0break":                         "no break",
		"\x00\x7f":                              `\x00\x7f`,
		"bad \xff utf8 \xc3":                    `bad \xff utf8 \xc3`,
		"\ufffd":                                "\ufffd",
		"👩\u200d👧":                              "👩\u200d👧",
		"e" + strings.Repeat("\u0301", 9) + "x": "e" + strings.Repeat("\u0301", maxMarks) + "x",
	} {
		assert.Equal(t, want, Clean(in), "%q", in)
	}
}

func TestCleanLines(t *testing.T) {
	assert.Equal(t, "open \\x1b[31m: no\n\nopen \\u009b\\r", CleanLines("open \x1b[31m: no\n\nopen \u009b\r"))
}

func TestCleanLineDropsSequences(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b[2mdim\x1b[0m \x1b[1;32mgreen": "dim green",
		"\x1b]0;title\x07text":              "text",
		"\x1b]8;;http://x\x1b\\link":        "link",
		"\x1b(Btext\x1b":                    "Btext",
		"\x1b[":                             "",
		"a\tb":                              "a    b",
		"\x1b\x1b[2Jx":                      "[2Jx",
		"\u009b2J":                          `\u009b2J`,
	} {
		assert.Equal(t, want, CleanLine(in), "%q", in)
	}
}

func TestFit(t *testing.T) {
	for _, tc := range []struct {
		in    string
		width int
		want  string
	}{
		{"abc", 5, "abc  "},
		{"abc", 3, "abc"},
		{"abcdef", 5, "ab..."},
		{"abcdef", 3, "abc"},
		{"日本語", 5, "日..."},
		{"日本語", 7, "日本語 "},
		{"日本語", 1, " "},
		{"abc", 0, ""},
		{"abc", -1, ""},
		{strings.Repeat("x", 1<<20), 6, "xxx..."},
		{strings.Repeat("日", 1<<20), 7, "日日..."},
		{strings.Repeat("\u0301", 1<<20), 4, strings.Repeat("\u0301", maxMarks) + "... "},
	} {
		assert.Equal(t, tc.want, Fit(tc.in, tc.width, "..."))
	}
	assert.Equal(t, "  abc", FitRight("abc", 5, ""))
}

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		in    string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{"abcde", 5, []string{"abcde"}},
		{"abcdefg", 5, []string{"abcde", "fg"}},
		{"a\r\n\n\tb\x1b\n", 9, []string{"a", "", `    b\x1b`}},
		{"日本語", 5, []string{"日本", "語"}},
		{"日本", 0, []string{"日", "本"}},
		{strings.Repeat("x", 12), 5, []string{"xxxxx", "xxxxx", "xx"}},
	} {
		assert.Equal(t, tc.want, Wrap(tc.in, tc.width), "%q", tc.in)
	}
}

func FuzzWrap(f *testing.F) {
	for _, s := range []string{"abc\r\ndef\n", "\x1b[31m日本", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\xff\u202e", "🇩🇪👩\u200d👧"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		width &= 255
		got := Wrap(s, width)
		for _, line := range got {
			assert.LessOrEqual(t, Width(line), max(width, 2), "%q", line)
			assert.True(t, isSafe(line), "%q", line)
		}
		if !strings.ContainsAny(s, "\r\n\t") {
			assert.Equal(t, Clean(s), strings.Join(got, ""), "nothing is left out")
		}
	})
}

func FuzzFit(f *testing.F) {
	for _, s := range []string{"abc", "\x1b[31m日本", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\xff\u202e", "🇩🇪👩\u200d👧"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		width &= 255
		got := Fit(s, width, "…")
		assert.True(t, utf8.ValidString(got))
		assert.Equal(t, width, Width(got), "%q", got)
		assert.True(t, isSafe(got), "%q", got)
		assert.True(t, isSafe(CleanLine(s)))
	})
}

// isSafe is the oracle: s has nothing that a terminal would obey.
func isSafe(s string) bool {
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return false
		}
	}
	return true
}
