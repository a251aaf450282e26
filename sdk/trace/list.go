package trace

import "encoding/binary"

// Lists are rare, so their elements are packed into the string that every Value has. A Value stays small and comparable, and
// nobody can change a list that a span holds. A number takes eight bytes, a boolean one byte, and a string four bytes for its
// length and then its own bytes.

//go:noinline
func packStrings(list []string) string {
	var b []byte
	for _, s := range list {
		b = pack(b, s)
	}
	return string(b)
}

func unpackStrings(packed string) []string {
	var list []string
	for s, rest := "", packed; rest != ""; {
		s, rest = unpack(rest)
		list = append(list, s)
	}
	return list
}

//go:noinline
func pack(dst []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// unpack returns the first string of a packed list, and the rest of the list.
//
//go:noinline
func unpack(packed string) (first, rest string) {
	n := 4 + int(packed[0]) + int(packed[1])<<8 + int(packed[2])<<16 + int(packed[3])<<24
	return packed[4:n], packed[n:]
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
	for ; packed != ""; packed = packed[8:] {
		list = append(list, value(number(packed)))
	}
	return list
}

// number returns the first number of a packed list.
func number(packed string) uint64 { return binary.LittleEndian.Uint64([]byte(packed[:8])) }

// truncateEach cuts each string of a packed list to at most limit characters.
func truncateEach(packed string, limit int) string {
	var b []byte
	for s, rest := "", packed; rest != ""; {
		s, rest = unpack(rest)
		b = pack(b, truncate(s, limit))
	}
	return string(b)
}

// Each calls f with each element of a list, in order. It does nothing if the value is not a list.
func (v Value) Each(f func(element Value)) {
	if v.ops == nil || v.ops.next == nil {
		return
	}
	var element Value
	for rest := v.str; rest != ""; {
		element, rest = v.ops.next(rest)
		f(element)
	}
}

func nextString(packed string) (Value, string) {
	s, rest := unpack(packed)
	return Value{ops: &stringOps, str: s}, rest
}

func nextBool(packed string) (Value, string) {
	return Value{ops: &boolOps, num: uint64(packed[0])}, packed[1:]
}

func nextInt(packed string) (Value, string) {
	return Value{ops: &intOps, num: number(packed)}, packed[8:]
}

func nextFloat64(packed string) (Value, string) {
	return Value{ops: &float64Ops, num: number(packed)}, packed[8:]
}
