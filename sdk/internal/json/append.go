// Package json appends JSON values to a buffer. Whatever goes in, what comes out is valid.
package json

import (
	"math"
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a string, quotes included.
func AppendString(dst []byte, s string) []byte {
	return append(AppendText(append(dst, '"'), s), '"')
}

// AppendText appends what stands between the quotes of a string. Control characters, U+2028 and U+2029 are escaped, and
// each byte that is not UTF-8 becomes U+FFFD.
func AppendText(dst []byte, s string) []byte {
	for s != "" {
		n := Plain(s)
		dst = append(dst, s[:n]...)
		if s = s[n:]; s == "" {
			break
		}
		var piece [6]byte
		r, size := utf8.DecodeRuneInString(s)
		dst = append(dst, escape(&piece, s[:size], r)...)
		s = s[size:]
	}
	return dst
}

// Plain returns how many bytes at the beginning of s stand for themselves within a string.
func Plain(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		// All eight at once: a high bit is left where a byte is below 0x20, above 0x7f, a quote or a backslash.
		const ones, high = 0x0101010101010101, 0x8080808080808080
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		if (x|(x-0x20*ones)|((x^'"'*ones)-ones)|((x^'\\'*ones)-ones))&high != 0 {
			break
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			break
		}
	}
	return i
}

// escape writes one character, of which raw is the text, to piece, and returns it or raw.
func escape(piece *[6]byte, raw string, r rune) []byte {
	piece[0] = '\\'
	switch {
	case r == '"' || r == '\\':
		piece[1] = byte(r)
	case r == '\n':
		piece[1] = 'n'
	case r == '\r':
		piece[1] = 'r'
	case r == '\t':
		piece[1] = 't'
	case r < 0x20 || r == 0x7f || r == '\u2028' || r == '\u2029':
		piece[1] = 'u'
		for i := range 4 {
			piece[5-i] = hexDigits[r>>(4*i)&15]
		}
		return piece[:]
	case r == utf8.RuneError:
		return piece[:copy(piece[:], "\uFFFD")]
	default:
		return piece[:copy(piece[:], raw)]
	}
	return piece[:2]
}

// AppendFloat appends f in the fewest digits that read back to it. Where point is set, the text shows that it is no
// integer. What JSON has no number for is a string, as in the JSON form of protocol buffers: "NaN", "Infinity", "-Infinity".
func AppendFloat(dst []byte, f float64, point bool) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	n := len(dst)
	dst = strconv.AppendFloat(dst, f, 'g', -1, 64)
	if point {
		for _, c := range dst[n:] {
			if c == '.' || c == 'e' {
				return dst
			}
		}
		dst = append(dst, '.', '0')
	}
	return dst
}

// AppendUint appends v in decimal. It is strconv's, with the nineteen digits of a time in nanoseconds in mind.
func AppendUint(dst []byte, v uint64) []byte {
	var buf [20]byte
	i := len(buf)
	for v >= 100 {
		q := v / 100
		r := (v - q*100) * 2
		i -= 2
		buf[i], buf[i+1] = pairs[r], pairs[r+1]
		v = q
	}
	if v >= 10 {
		i -= 2
		buf[i], buf[i+1] = pairs[v*2], pairs[v*2+1]
	} else {
		i--
		buf[i] = byte('0' + v)
	}
	return append(dst, buf[i:]...)
}

// AppendInt appends v in decimal.
func AppendInt(dst []byte, v int64) []byte {
	if v < 0 {
		return AppendUint(append(dst, '-'), -uint64(v))
	}
	return AppendUint(dst, uint64(v))
}

const pairs = "00010203040506070809" +
	"10111213141516171819" +
	"20212223242526272829" +
	"30313233343536373839" +
	"40414243444546474849" +
	"50515253545556575859" +
	"60616263646566676869" +
	"70717273747576777879" +
	"80818283848586878889" +
	"90919293949596979899"
