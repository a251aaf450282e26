package trace

import "encoding/binary"

// Lists are rare, so they are packed into the string that every Value has: it stays small and comparable, and nobody can
// change a list that a span holds. Numbers take eight bytes, booleans one, strings their length as a varint and their bytes.

func packStrings(list []string) string {
	n := 0
	for _, s := range list {
		n += binary.MaxVarintLen32 + len(s)
	}
	b := make([]byte, 0, n)
	for _, s := range list {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return string(b)
}

func unpackStrings(packed string) []string {
	var list []string
	for at := 0; at < len(packed); {
		n, shift := 0, 0
		for {
			c := packed[at]
			at++
			n |= int(c&0x7f) << shift
			if c < 0x80 {
				break
			}
			shift += 7
		}
		list = append(list, packed[at:at+n])
		at += n
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
