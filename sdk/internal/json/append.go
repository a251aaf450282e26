// Package json appends JSON values to a buffer. Whatever goes in, what comes out is valid.
package json

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

// AppendString appends s as a string, quotes included.
func AppendString(dst []byte, s string) []byte {
	return append(AppendText(append(dst, '"'), s), '"')
}

// AppendText appends what stands between the quotes of a string. Control characters, U+2028 and U+2029 are escaped, and
// each byte that is not UTF-8 becomes U+FFFD.
//
// Most strings need no more than copying, so it takes eight bytes at once, which overlap where the length is no multiple.
// The lengths are spelled out so that the compiler drops its own tests: these are the hottest lines of an encoder.
func AppendText(dst []byte, s string) []byte {
	n := len(s)
	if cap(dst)-len(dst) < n {
		dst = append(dst, s...)[:len(dst)] // for the room
	}
	out := dst[len(dst) : len(dst)+n : len(dst)+n]
	var seen uint64
	switch {
	case n >= 8:
		for i := 8; i < n; i += 8 {
			x := load8(s[i-8 : i])
			binary.LittleEndian.PutUint64(out[i-8:i:i], x)
			seen |= special(x)
		}
		x := load8(s[n-8:])
		binary.LittleEndian.PutUint64(out[n-8:n:n], x)
		seen |= special(x)
	case n >= 4:
		x, y := load4(s), load4(s[n-4:])
		binary.LittleEndian.PutUint32(out, x)
		binary.LittleEndian.PutUint32(out[n-4:n:n], y)
		seen = special(uint64(x) | uint64(y)<<32)
	case n > 0: // the first, the middle and the last byte may be the same
		a, b, c := s[0], s[n/2], s[n-1]
		out[0], out[n/2], out[n-1] = a, b, c
		seen = special(uint64(a)|uint64(b)<<8|uint64(c)<<16) & 0xffffff
	}
	if seen&0x8080808080808080 != 0 {
		return appendEscaped(dst, s)
	}
	return dst[:len(dst)+n]
}

// controls are the escapes of the control characters, six bytes each.
const controls = `\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t    \n    \u000b\u000c\r    \u000e\u000f` +
	`\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f`

// appendEscaped appends piece by piece: what is plain as it is, and one character escaped.
func appendEscaped(dst []byte, s string) []byte {
	for s != "" {
		n := 0
		for n < len(s) && plain(s[n]) {
			n++
		}
		piece := s[:n]
		switch {
		case n > 0:
		case s[0] == '"':
			n, piece = 1, `\"`
		case s[0] == '\\':
			n, piece = 1, `\\`
		case s[0] < 0x20:
			at := 6 * int(s[0])
			n, piece = 1, controls[at:at+6]
			if piece[1] != 'u' {
				piece = piece[:2]
			}
		default:
			var r rune
			r, n = utf8.DecodeRuneInString(s)
			switch piece = s[:n]; r {
			case utf8.RuneError:
				piece = "\uFFFD"
			case '\u2028':
				piece = `\u2028`
			case '\u2029':
				piece = `\u2029`
			}
		}
		dst = append(dst, piece...)
		s = s[n:]
	}
	return dst
}

// load8 is one load to the compiler, as load4 is.
func load8(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load4(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// special sets the high bit of each of eight bytes that is not plain. A byte that is too small borrows from the next one,
// so a bit too many may be set beside such a byte, but none is missing. The delete character counts as plain, as JSON has it.
func special(x uint64) uint64 {
	const ones = 0x0101010101010101
	control := (x ^ 2*ones) - 0x21*ones // the quote, 0x22, is the one byte that the 2 brings below 0x21 beside the controls
	backslash := (x ^ '\\'*ones) - ones
	return x | control | backslash
}

func plain(c byte) bool { return c >= 0x20 && c < utf8.RuneSelf && c != '"' && c != '\\' }

// AppendFloat appends f in the fewest digits that read back to it. Where point is set, the text shows that it is no
// integer. What JSON has no number for is a string, as in the JSON form of protocol buffers: "NaN", "Infinity", "-Infinity".
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
		dst = strconv.AppendFloat(dst, f, 'g', -1, 64)
		if point && bytes.IndexByte(dst[n:], '.') < 0 && bytes.IndexByte(dst[n:], 'e') < 0 {
			text = ".0"
		}
	}
	return append(dst, text...)
}

const zeros = '0' * 0x0101010101010101

// AppendUint appends v in decimal, eight digits at a time.
func AppendUint(dst []byte, v uint64) []byte {
	var digits [24]byte
	at := len(digits)
	for {
		word := eightDigits(v % 100_000_000)
		at -= 8
		binary.LittleEndian.PutUint64(digits[at:], zeros+word)
		if v /= 100_000_000; v == 0 {
			at += bits.TrailingZeros64(word|1<<56) / 8 // the leading zeros; the last digit counts as if it were none
			return append(dst, digits[at:]...)
		}
	}
}

// PutNineteen writes a number of nineteen digits, such as a time in Unix nanoseconds.
func PutNineteen(dst *[19]byte, v uint64) {
	for at := 11; at > 0; at -= 8 {
		binary.LittleEndian.PutUint64(dst[at:], zeros+eightDigits(v%100_000_000))
		v /= 100_000_000
	}
	dst[0], dst[1], dst[2] = byte('0'+v/100), byte('0'+v/10%10), byte('0'+v%10)
}

// eightDigits returns the decimal digits of a number below 100,000,000, the first in the lowest byte. It splits the number
// in halves, in pairs and in digits, with all parts of a step side by side in one word.
func eightDigits(v uint64) uint64 {
	v = v/10_000 | v%10_000<<32
	hundreds := v * 10_486 >> 20 & 0x0000007f_0000007f // 10,486/2^20 is 1/100, near enough below 10,000
	v = hundreds | (v-hundreds*100)<<16
	tens := v * 103 >> 10 & 0x000f_000f_000f_000f // as 103/2^10 is 1/10 below 100
	return tens | (v-tens*10)<<8
}

// AppendInt appends v in decimal.
func AppendInt(dst []byte, v int64) []byte {
	if v < 0 {
		dst, v = append(dst, '-'), -v
	}
	return AppendUint(dst, uint64(v))
}
