package trace

import (
	"encoding/binary"
	"slices"
)

// AppendHex appends two lowercase hex digits for each byte of src.
func AppendHex(dst, src []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, 2*len(src))[:n+2*len(src)]
	PutHex(dst[n:], src)
	return dst
}

// PutHex writes two lowercase hex digits for each byte of src to dst, which must have room for them.
func PutHex(dst, src []byte) {
	for len(src) >= 4 && len(dst) >= 8 {
		binary.BigEndian.PutUint64(dst, hex32(binary.BigEndian.Uint32(src)))
		dst, src = dst[8:], src[4:]
	}
	for i, b := range src {
		dst[2*i], dst[2*i+1] = hexDigits[b>>4], hexDigits[b&15]
	}
}

const hexDigits = "0123456789abcdef"

// hex32 returns the eight digits of v, the first in the highest byte. It works on all eight at once: an id is then a few
// additions rather than sixteen or thirty-two look-ups.
func hex32(v uint32) uint64 {
	x := uint64(v)
	x = x<<16&0x0000ffff00000000 | x&0x000000000000ffff
	x = x<<8&0x00ff000000ff0000 | x&0x000000ff000000ff
	x = x<<4&0x0f000f000f000f00 | x&0x000f000f000f000f
	letters := (x + 0x0606060606060606) >> 4 & 0x0101010101010101
	return x + 0x3030303030303030 + letters*('a'-'9'-1)
}

// decodeHex fills dst from exactly 2*len(dst) lowercase digits. Upper case is refused, as W3C Trace Context asks.
func decodeHex(dst []byte, s string) bool {
	if len(s) != 2*len(dst) {
		return false
	}
	for i := range dst {
		hi, lo := hexValue(s[2*i]), hexValue(s[2*i+1])
		if hi|lo > 15 {
			return false
		}
		dst[i] = hi<<4 | lo
	}
	return true
}

func hexValue(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}
