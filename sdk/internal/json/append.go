// Package json appends JSON values to a buffer. Whatever goes in, what comes out is valid.
package json

import (
	"math"
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// plain marks the bytes that stand for themselves within a string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// AppendString appends s as a string, quotes included.
func AppendString(dst []byte, s string) []byte {
	return append(AppendText(append(dst, '"'), s), '"')
}

// AppendText appends what stands between the quotes of a string. Control characters, U+2028 and U+2029 are escaped, and
// each byte that is not UTF-8 becomes U+FFFD.
func AppendText(dst []byte, s string) []byte {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if suspicious(uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56) {
			return appendEscaped(dst, s, i)
		}
	}
	for ; i < len(s); i++ {
		if !plain[s[i]] {
			return appendEscaped(dst, s, i)
		}
	}
	return append(dst, s...)
}

// suspicious reports whether any of eight bytes may need more than copying: one below 0x20 or above 0x7f, a quote or a
// backslash. It looks at all at once, and may say yes too often (after a yes), never no.
func suspicious(x uint64) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	return (x|(x-0x20*ones)|((x^'"'*ones)-ones)|((x^'\\'*ones)-ones))&high != 0
}

// appendEscaped appends s, of which the first i bytes are known to be plain.
func appendEscaped(dst []byte, s string, i int) []byte {
	start := 0
	for i < len(s) {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			dst = append(dst, s[start:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[start:i]...), "\uFFFD"...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[start:i]...), '\\', 'u', '2', '0', '2', hexDigits[r&15])
			start = i + size
		}
		i += size
	}
	return append(dst, s[start:]...)
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

// PutNine writes the last nine decimal digits of v to dst, leading zeros included.
func PutNine(dst []byte, v uint32) {
	_ = dst[8]
	high, low := v/10_000, v%10_000
	a, b := high/10_000%10, high%10_000
	bh, bl := b/100*2, b%100*2
	lh, ll := low/100*2, low%100*2
	dst[0] = byte('0' + a)
	dst[1], dst[2], dst[3], dst[4] = pairs[bh], pairs[bh+1], pairs[bl], pairs[bl+1]
	dst[5], dst[6], dst[7], dst[8] = pairs[lh], pairs[lh+1], pairs[ll], pairs[ll+1]
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
