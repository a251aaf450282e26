package trace

import "encoding/binary"

// Lists are rare, so they are packed into the string that every Value has: it stays small and comparable, and nobody can
// change a list that a span holds. Numbers take eight bytes, booleans one, strings their length as a varint and their bytes.

func packStrings(list []string) string {
	var b []byte
	for _, s := range list {
		b = appendPacked(b, s)
	}
	return string(b)
}

func appendPacked(dst []byte, s string) []byte {
	n := len(s)
	for ; n >= 0x80; n >>= 7 {
		dst = append(dst, byte(n)|0x80)
	}
	return append(append(dst, byte(n)), s...)
}

func unpackStrings(packed string) []string {
	var list []string
	for packed != "" {
		n, at := uvarint(packed)
		list = append(list, packed[at:at+n])
		packed = packed[at+n:]
	}
	return list
}

func packBools(list []bool) string {
	b := make([]byte, len(list))
	for i, v := range list {
		if v {
			b[i] = 1
		}
	}
	return string(b)
}

func unpackBools(packed string) []bool {
	list := make([]bool, len(packed))
	for i := range list {
		list[i] = packed[i] != 0
	}
	return list
}

func packNumbers[T any](list []T, bits func(T) uint64) string {
	b := make([]byte, 0, 8*len(list))
	for _, v := range list {
		b = binary.LittleEndian.AppendUint64(b, bits(v))
	}
	return string(b)
}

func unpackNumbers[T any](packed string, value func(uint64) T) []T {
	list := make([]T, 0, len(packed)/8)
	for b := []byte(packed); len(b) >= 8; b = b[8:] {
		list = append(list, value(binary.LittleEndian.Uint64(b)))
	}
	return list
}

// Each calls f with every element of a list, in order; for any other kind it does nothing.
func (v Value) Each(f func(element Value)) {
	size, kind := 8, KindInt
	switch v.kind {
	case KindFloat64s:
		kind = KindFloat64
	case KindInts:
	case KindBools:
		size, kind = 1, KindBool
	case KindStrings:
		size, kind = 0, KindString
	default:
		return
	}
	for rest := v.str; rest != ""; {
		element := Value{kind: kind}
		n := size
		if size == 0 {
			var at int
			n, at = uvarint(rest)
			rest = rest[at:]
			element.str = rest[:n]
		}
		for i := range size {
			element.num |= uint64(rest[i]) << (8 * i)
		}
		rest = rest[n:]
		f(element)
	}
}

// uvarint reads a length, and returns it with the number of bytes that it took.
func uvarint(s string) (n, at int) {
	for shift := 0; ; shift += 7 {
		c := s[at]
		at++
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			return n, at
		}
	}
}
