//go:build !wasm && !edgespan_small

package json

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// AppendText appends the characters of a string without the quotes. It escapes control characters, U+2028 and U+2029, and
// replaces each byte that is not UTF-8 by U+FFFD.
//
// Most strings can be copied unchanged, so it copies eight bytes at a time; the last eight overlap with those before if the
// length is not a multiple of eight. The cases are written out by length so that the compiler can omit its bounds checks. There
// is no loop for up to 32 bytes. These are the hottest lines of an encoder.
func AppendText(dst []byte, s string) []byte {
	n := len(s)
	if cap(dst)-len(dst) < n {
		dst = grow(dst, n)
	}
	out := dst[len(dst) : len(dst)+n : len(dst)+n]
	var seen uint64
	switch {
	case n > 32:
		for i := 8; i < n; i += 8 {
			x := load8(s[i-8 : i])
			binary.LittleEndian.PutUint64(out[i-8:i:i], x)
			seen |= special(x)
		}
		x := load8(s[n-8:])
		binary.LittleEndian.PutUint64(out[n-8:n:n], x)
		seen |= special(x)
	case n > 16:
		x, y := load8(s), load8(s[8:16])
		binary.LittleEndian.PutUint64(out[:8:8], x)
		binary.LittleEndian.PutUint64(out[8:16:16], y)
		seen = special(x) | special(y)
		x, y = load8(s[n-16:n-8]), load8(s[n-8:])
		binary.LittleEndian.PutUint64(out[n-16:n-8:n-8], x)
		binary.LittleEndian.PutUint64(out[n-8:n:n], y)
		seen |= special(x) | special(y)
	case n >= 8:
		x, y := load8(s), load8(s[n-8:])
		binary.LittleEndian.PutUint64(out[:8:8], x)
		binary.LittleEndian.PutUint64(out[n-8:n:n], y)
		seen = special(x) | special(y)
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

//go:noinline
func grow(dst []byte, n int) []byte { return slices.Grow(dst, n) }

// load8 compiles to a single load, and so does load4.
func load8(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load4(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// special sets the high bit of each of eight bytes that is not plain. A byte that is too small borrows from the next one, so
// the bit of its neighbour may be set too, but none is missing. The delete character counts as plain, as in JSON.
func special(x uint64) uint64 {
	const ones = 0x0101010101010101
	control := (x ^ 2*ones) - 0x21*ones // the quote, 0x22, is the only other byte that the 2 brings below 0x21
	backslash := (x ^ '\\'*ones) - ones
	return x | control | backslash
}

// AppendInt appends v in decimal.
func AppendInt(dst []byte, v int64) []byte {
	if v < 0 {
		dst, v = append(dst, '-'), -v
	}
	return AppendUint(dst, uint64(v))
}

const zeros = '0' * 0x0101010101010101

// AppendUint appends v in decimal, eight digits at a time.
func AppendUint(dst []byte, v uint64) []byte {
	switch {
	case v < 100:
	case v < 1000: // such as an HTTP status
		return append(dst, byte('0'+v/100), byte('0'+v/10%10), byte('0'+v%10))
	case v >= 100_000_000:
		dst = AppendUint(dst, v/100_000_000)
		return binary.LittleEndian.AppendUint64(dst, zeros+eightDigits(v%100_000_000))
	}
	digits := eightDigits(v)
	leading := bits.TrailingZeros64(digits|1<<56) &^ 7 // the last digit is written even if it is 0
	dst = binary.LittleEndian.AppendUint64(dst, (zeros+digits)>>leading)
	return dst[:len(dst)-leading/8]
}

// PutTimes writes two numbers of nineteen digits, such as the times of a span in Unix nanoseconds. Most spans begin and end
// within the same tenth of a second, so that the first eleven digits are the same and are computed once.
func PutTimes(start, end *[19]byte, from, to uint64) {
	high := from / 100_000_000
	top, middle := high/100_000_000, zeros+eightDigits(high%100_000_000)
	a, b, c := byte('0'+top/100), byte('0'+top/10%10), byte('0'+top%10)
	start[0], start[1], start[2] = a, b, c
	binary.LittleEndian.PutUint64(start[3:], middle)
	binary.LittleEndian.PutUint64(start[11:], zeros+eightDigits(from-high*100_000_000))
	if to/100_000_000 != high {
		high = to / 100_000_000
		top, middle = high/100_000_000, zeros+eightDigits(high%100_000_000)
		a, b, c = byte('0'+top/100), byte('0'+top/10%10), byte('0'+top%10)
	}
	end[0], end[1], end[2] = a, b, c
	binary.LittleEndian.PutUint64(end[3:], middle)
	binary.LittleEndian.PutUint64(end[11:], zeros+eightDigits(to-high*100_000_000))
}

// eightDigits returns the decimal digits of a number below 100,000,000, with the first in the lowest byte. It splits the number
// into halves, pairs and digits, and computes all parts of a step at once in one word.
func eightDigits(v uint64) uint64 {
	v = v/10_000 | v%10_000<<32
	hundreds := v * 10_486 >> 20 & 0x0000007f_0000007f // 10,486/2^20 is close enough to 1/100 for numbers below 10,000
	v = hundreds | (v-hundreds*100)<<16
	tens := v * 103 >> 10 & 0x000f_000f_000f_000f // 103/2^10 is close enough to 1/10 for numbers below 100
	return tens | (v-tens*10)<<8
}
