// Package hex encodes and decodes the lowercase hexadecimal digits of ids.
package hex

import "encoding/binary"

const digits = "0123456789abcdef"

// Append appends two digits to dst for each byte of src.
//
//go:noinline
func Append(dst, src []byte) []byte {
	for _, b := range src {
		dst = append(dst, digits[b>>4], digits[b&15])
	}
	return dst
}

// String returns the digits of src, which is at most 16 bytes long.
//
//go:noinline
func String(src []byte) string {
	var buf [32]byte
	return string(buf[:Put(&buf, src)])
}

// Put writes the digits of src, which is at most 16 bytes long, and returns their number. It is less code than Append.
//
//go:noinline
func Put(dst *[32]byte, src []byte) (n int) {
	for _, b := range src {
		dst[n], dst[n+1] = digits[b>>4], digits[b&15]
		n += 2
	}
	return n
}

// Put8 writes the sixteen digits of eight bytes, which are a span id or half of a trace id.
func Put8(dst *[16]byte, src *[8]byte) {
	v := binary.LittleEndian.Uint64(src[:])
	binary.LittleEndian.PutUint64(dst[:8], spread(v&0xffffffff))
	binary.LittleEndian.PutUint64(dst[8:], spread(v>>32))
}

// spread returns the eight digits of four bytes. As in its argument, the first is in the lowest byte. It computes all digits at
// once, so that an id takes a few additions instead of sixteen look-ups.
func spread(x uint64) uint64 {
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x>>4 | x<<8) & 0x0f0f0f0f0f0f0f0f
	letters := (x + 0x0606060606060606) >> 4 & 0x0101010101010101
	return x + 0x3030303030303030 + letters*('a'-'9'-1)
}

// Decode fills dst from exactly 2*len(dst) digits. It refuses upper case, as W3C Trace Context asks.
func Decode(dst []byte, s string) bool {
	if len(s) != 2*len(dst) {
		return false
	}
	for i := range dst {
		hi, lo := Value(s[2*i]), Value(s[2*i+1])
		if hi|lo > 15 {
			return false
		}
		dst[i] = hi<<4 | lo
	}
	return true
}

// Value returns the value of a digit, or 255 if c is not a digit.
func Value(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}
