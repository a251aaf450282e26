package otlpanswer

import (
	"strings"
	"unicode/utf8"
)

// maxMessage bounds what a receiver may put into our errors, in bytes.
const maxMessage = 200

// clean makes a receiver's text fit for a line and for a terminal: a control character becomes a space, and a format character, which
// may turn the direction of what follows, goes. It cuts what hide returns, not what it gets: a part of a secret would not be found.
func clean(text string, hide func(string) string) string {
	text = strings.ToValidUTF8(hide(text), "?")
	if len(text) > maxMessage {
		n := maxMessage
		for !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n] + "…"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029':
			return ' '
		case isFormat(r):
			return -1
		}
		return r
	}, text)
}

// formats are the ranges of Unicode's category Cf. Those of package unicode would do, for more WebAssembly.
var formats = [...][2]rune{
	{0xad, 0xad}, {0x600, 0x605}, {0x61c, 0x61c}, {0x6dd, 0x6dd}, {0x70f, 0x70f}, {0x890, 0x891}, {0x8e2, 0x8e2}, {0x180e, 0x180e},
	{0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064}, {0x2066, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0x110bd, 0x110bd},
	{0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f},
}

func isFormat(r rune) bool {
	for _, f := range formats {
		if f[0] <= r && r <= f[1] {
			return true
		}
	}
	return false
}
