package otlpanswer

import (
	"strings"
	"unicode/utf8"
)

// maxMessage is how many bytes of a receiver's text an error has at most.
const maxMessage = 200

// clean makes a receiver's text safe for a line of a terminal. Control characters become spaces, and format characters, which
// can change the direction of text, are removed. The text is cut only after hide, because hide would not find a part of a
// secret.
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

// formats lists the ranges of Unicode's category Cf. Package unicode has them too, but adds more to a WebAssembly binary.
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
