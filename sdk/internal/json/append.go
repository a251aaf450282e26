// Package json appends JSON values to a buffer. Its output is valid JSON for any input.
//
// There are two implementations of the functions that an encoder calls most. They write the same. One is fast, and the other is
// for wasm, where the binary is sent to every edge location: it is a tenth of the code. The build tag edgespan_small selects
// the second natively, for the tests.
package json

import (
	"math"
	"unicode/utf8"
)

// AppendString appends s as a string with its quotes.
func AppendString(dst []byte, s string) []byte {
	return append(AppendText(append(dst, '"'), s), '"')
}

// controls holds the escapes of the control characters, in six bytes each.
const controls = `\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t    \n    \u000b\u000c\r    \u000e\u000f` +
	`\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f`

// appendEscaped appends s in pieces: either a run of plain characters, or one escaped character.
func appendEscaped(dst []byte, s string) []byte {
	var piece string
	for s != "" {
		piece, s = Escape(s)
		dst = append(dst, piece...)
	}
	return dst
}

// Escape divides the text of a string into pieces. It returns either the longest beginning of s in which nothing is escaped, or
// the escape of the first character, and what comes after that. See [AppendText] for what is escaped. s must not be empty.
func Escape(s string) (piece, rest string) {
	n := 0
	for n < len(s) && plain(s[n]) {
		n++
	}
	if n > 0 {
		return s[:n], s[n:]
	}
	switch c := s[0]; {
	case c == '"':
		return `\"`, s[1:]
	case c == '\\':
		return `\\`, s[1:]
	case c < 0x20:
		at := 6 * int(c)
		piece = controls[at : at+6]
		if piece[1] != 'u' {
			piece = piece[:2]
		}
		return piece, s[1:]
	}
	r, n := utf8.DecodeRuneInString(s)
	switch piece = s[:n]; r {
	case utf8.RuneError:
		piece = "\uFFFD"
	case '\u2028':
		piece = `\u2028`
	case '\u2029':
		piece = `\u2029`
	}
	return piece, s[n:]
}

func plain(c byte) bool { return c >= 0x20 && c < utf8.RuneSelf && c != '"' && c != '\\' }

// AppendFloat appends f in the fewest digits that read back to the same number. If point is true, the text always has a point
// or an exponent, so that it is not read as an integer. NaN and the infinities are not numbers in JSON and become strings, as
// in the JSON form of protocol buffers: "NaN", "Infinity", "-Infinity".
func AppendFloat(dst []byte, f float64, point bool) []byte {
	text := ""
	switch {
	case f != f:
		text = `"NaN"`
	case f > math.MaxFloat64:
		text = `"Infinity"`
	case f < -math.MaxFloat64:
		text = `"-Infinity"`
	default:
		n := len(dst)
		dst = appendFinite(dst, f)
		if point && whole(dst[n:]) {
			text = ".0"
		}
	}
	return append(dst, text...)
}

// whole reports whether the text of a number looks like an integer.
func whole(number []byte) bool {
	for _, c := range number {
		if c == '.' || c == 'e' {
			return false
		}
	}
	return true
}
