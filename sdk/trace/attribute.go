package trace

import "math"

// Attribute is a key and a value. An attribute with an empty key is dropped, and counted as dropped.
type Attribute struct {
	Key   string
	Value Value
}

// ValueKind tells what a Value holds.
type ValueKind uint8

// The kinds of Value: the types of OpenTelemetry's attributes.
const (
	KindEmpty ValueKind = iota
	KindString
	KindBool
	KindInt
	KindFloat64
	KindStrings
	KindBools
	KindInts
	KindFloat64s
)

// Value is a string, bool, int64, float64, or a list of one of them. It is made by an Attribute's constructor, never
// changes, and two are equal where == says so.
type Value struct {
	kind ValueKind
	num  uint64
	str  string // of a list: its packed elements, see list.go
}

// String returns an attribute with a string value.
func String(key, value string) Attribute {
	return Attribute{key, Value{kind: KindString, str: value}}
}

// Bool returns an attribute with a boolean value.
func Bool(key string, value bool) Attribute {
	v := Value{kind: KindBool}
	if value {
		v.num = 1
	}
	return Attribute{key, v}
}

// Int returns an attribute with an integer value.
func Int(key string, value int) Attribute { return Int64(key, int64(value)) }

// Int64 returns an attribute with an integer value.
func Int64(key string, value int64) Attribute {
	return Attribute{key, Value{kind: KindInt, num: uint64(value)}}
}

// Float64 returns an attribute with a floating-point value.
func Float64(key string, value float64) Attribute {
	return Attribute{key, Value{kind: KindFloat64, num: math.Float64bits(value)}}
}

// Strings returns an attribute with a list of strings, which is copied.
func Strings(key string, values ...string) Attribute {
	return Attribute{key, Value{kind: KindStrings, str: packStrings(values)}}
}

// Bools returns an attribute with a list of booleans, which is copied.
func Bools(key string, values ...bool) Attribute {
	return Attribute{key, Value{kind: KindBools, str: packBools(values)}}
}

// Ints returns an attribute with a list of integers, which is copied.
func Ints(key string, values ...int64) Attribute {
	return Attribute{key, Value{kind: KindInts, str: packNumbers(values, func(v int64) uint64 { return uint64(v) })}}
}

// Float64s returns an attribute with a list of floating-point numbers, which is copied.
func Float64s(key string, values ...float64) Attribute {
	return Attribute{key, Value{kind: KindFloat64s, str: packNumbers(values, math.Float64bits)}}
}

// Kind tells which of the accessors holds the value. The others return zero.
func (v Value) Kind() ValueKind { return v.kind }

// Str returns the string of a KindString.
func (v Value) Str() string {
	if v.kind != KindString {
		return ""
	}
	return v.str
}

// Bool returns the boolean of a KindBool.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Int64 returns the integer of a KindInt.
func (v Value) Int64() int64 {
	if v.kind != KindInt {
		return 0
	}
	return int64(v.num)
}

// Float64 returns the number of a KindFloat64.
func (v Value) Float64() float64 {
	if v.kind != KindFloat64 {
		return 0
	}
	return math.Float64frombits(v.num)
}

// Strings returns the list of a KindStrings.
func (v Value) Strings() []string {
	if v.kind != KindStrings {
		return nil
	}
	return unpackStrings(v.str)
}

// Bools returns the list of a KindBools.
func (v Value) Bools() []bool {
	if v.kind != KindBools {
		return nil
	}
	return unpackBools(v.str)
}

// Ints returns the list of a KindInts.
func (v Value) Ints() []int64 {
	if v.kind != KindInts {
		return nil
	}
	return unpackNumbers(v.str, func(n uint64) int64 { return int64(n) })
}

// Float64s returns the list of a KindFloat64s.
func (v Value) Float64s() []float64 {
	if v.kind != KindFloat64s {
		return nil
	}
	return unpackNumbers(v.str, math.Float64frombits)
}

// Size returns the bytes that the value's text holds, roughly what it adds to a line. It is for finding the largest.
func (v Value) Size() int { return len(v.str) }

// truncate cuts strings to at most limit characters.
func (v *Value) truncate(limit int) {
	switch {
	case limit == unlimited:
	case v.kind == KindString:
		v.str = truncate(v.str, limit)
	case v.kind == KindStrings && len(v.str) > limit:
		var packed []byte
		for s, rest := "", v.str; rest != ""; {
			s, rest = unpack(rest)
			packed = pack(packed, truncate(s, limit))
		}
		v.str = string(packed)
	}
}

// truncate counts characters, as OpenTelemetry's limit does; an invalid byte is a character.
//
//go:noinline
func truncate(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for at := range s {
		if limit == 0 {
			return s[:at]
		}
		limit--
	}
	return s
}
