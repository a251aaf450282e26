package trace

import (
	"math"

	"github.com/edgespan/edgespan/sdk/internal/json"
)

// Attribute is a key and a value. An attribute with an empty key is dropped, and counted as dropped.
type Attribute struct {
	Key   string
	Value Value
}

// ValueKind is the type of what a [Value] holds.
type ValueKind uint8

// The kinds of [Value]. They are the types that OpenTelemetry allows for attributes,
// https://opentelemetry.io/docs/specs/otel/common/#attribute.
const (
	KindEmpty ValueKind = iota
	KindString
	KindBool
	KindInt64
	KindFloat64
	KindStrings
	KindBools
	KindInt64s
	KindFloat64s
)

// Value is a string, a bool, an int64, a float64, or a list of one of these types. The constructors of [Attribute] make it, and
// it never changes. Two values can be compared with ==.
//
// Value has no String method, because that would add 4 kB to every service. Package tracetest and the encoders print values.
type Value struct {
	ops *kindOps
	num uint64
	str string // the string, or the packed elements of a list (see list.go)
}

// kindOps holds the operations that only some kinds of value need. Each constructor refers to the kindOps of its own kind
// alone, so that the code for floating-point numbers and for lists is linked only into programs that use them.
type kindOps struct {
	id          ValueKind
	truncate    func(s string, limit int) string
	appendFloat func(dst []byte, bits uint64, point bool) []byte
	next        func(packed string) (element Value, rest string) // of a list, see list.go
}

var (
	stringOps   = kindOps{id: KindString, truncate: truncate}
	boolOps     = kindOps{id: KindBool}
	intOps      = kindOps{id: KindInt64}
	float64Ops  = kindOps{id: KindFloat64, appendFloat: appendFloat}
	stringsOps  = kindOps{id: KindStrings, truncate: truncateEach, next: nextString}
	boolsOps    = kindOps{id: KindBools, next: nextBool}
	intsOps     = kindOps{id: KindInt64s, next: nextInt}
	float64sOps = kindOps{id: KindFloat64s, next: nextFloat64}
)

// String returns an attribute with a string value.
func String(key, value string) Attribute {
	return Attribute{key, Value{ops: &stringOps, str: value}}
}

// Bool returns an attribute with a boolean value.
func Bool(key string, value bool) Attribute {
	v := Value{ops: &boolOps}
	if value {
		v.num = 1
	}
	return Attribute{key, v}
}

// Int returns an attribute with an integer value.
func Int(key string, value int) Attribute { return Int64(key, int64(value)) }

// Int64 returns an attribute with an integer value.
func Int64(key string, value int64) Attribute {
	return Attribute{key, Value{ops: &intOps, num: uint64(value)}}
}

// Float64 returns an attribute with a floating-point value.
func Float64(key string, value float64) Attribute {
	return Attribute{key, Value{ops: &float64Ops, num: math.Float64bits(value)}}
}

// Strings returns an attribute with a list of strings. The list is copied.
func Strings(key string, values ...string) Attribute {
	return Attribute{key, Value{ops: &stringsOps, str: packStrings(values)}}
}

// Bools returns an attribute with a list of booleans. The list is copied.
func Bools(key string, values ...bool) Attribute {
	return Attribute{key, Value{ops: &boolsOps, str: packBools(values)}}
}

// Ints returns an attribute with a list of integers. The list is copied.
func Ints(key string, values ...int) Attribute {
	return Attribute{key, Value{ops: &intsOps, str: packNumbers(values, func(v int) uint64 { return uint64(v) })}}
}

// Int64s returns an attribute with a list of integers. The list is copied.
func Int64s(key string, values ...int64) Attribute {
	return Attribute{key, Value{ops: &intsOps, str: packNumbers(values, func(v int64) uint64 { return uint64(v) })}}
}

// Float64s returns an attribute with a list of floating-point numbers. The list is copied.
func Float64s(key string, values ...float64) Attribute {
	return Attribute{key, Value{ops: &float64sOps, str: packNumbers(values, math.Float64bits)}}
}

// Kind returns the type of the value. Only the accessor of that type returns the value, and the others return a zero value.
func (v Value) Kind() ValueKind {
	if v.ops == nil {
		return KindEmpty
	}
	return v.ops.id
}

// Str returns the string of a value of [KindString], and "" for any other kind.
func (v Value) Str() string {
	if v.ops != &stringOps {
		return ""
	}
	return v.str
}

// Bool returns the boolean of a value of [KindBool], and false for any other kind.
func (v Value) Bool() bool { return v.ops == &boolOps && v.num != 0 }

// Int64 returns the integer of a value of [KindInt64], and 0 for any other kind.
func (v Value) Int64() int64 {
	if v.ops != &intOps {
		return 0
	}
	return int64(v.num)
}

// Float64 returns the number of a value of [KindFloat64], and 0 for any other kind.
func (v Value) Float64() float64 {
	if v.Kind() != KindFloat64 {
		return 0
	}
	return math.Float64frombits(v.num)
}

// Strings returns a copy of the list of a value of [KindStrings], and nil for any other kind.
func (v Value) Strings() []string {
	if v.Kind() != KindStrings {
		return nil
	}
	return unpackStrings(v.str)
}

// Bools returns a copy of the list of a value of [KindBools], and nil for any other kind.
func (v Value) Bools() []bool {
	if v.Kind() != KindBools {
		return nil
	}
	return unpackBools(v.str)
}

// Int64s returns a copy of the list of a value of [KindInt64s], and nil for any other kind.
func (v Value) Int64s() []int64 {
	if v.Kind() != KindInt64s {
		return nil
	}
	return unpackNumbers(v.str, func(n uint64) int64 { return int64(n) })
}

// Float64s returns a copy of the list of a value of [KindFloat64s], and nil for any other kind.
func (v Value) Float64s() []float64 {
	if v.Kind() != KindFloat64s {
		return nil
	}
	return unpackNumbers(v.str, math.Float64frombits)
}

// TextSize returns how many bytes of text the value holds, which is roughly what it adds to a line. Edgespan's own packages use
// it to find the largest value.
func (v Value) TextSize() int { return len(v.str) } // not Size, a method of hash.Hash that the linker would keep in every service

// AppendFloat appends the number of a value of [KindFloat64] to dst as JSON, in the fewest digits that read back to the same
// number. If point is true, the number always has a decimal point or an exponent, so that it cannot be taken for an integer.
// NaN and the infinities have no number in JSON and are written as strings. For any other kind, AppendFloat appends nothing. It
// is for Edgespan's own packages and for encoders that you write.
func (v Value) AppendFloat(dst []byte, point bool) []byte {
	if v.ops == nil || v.ops.appendFloat == nil {
		return dst
	}
	return v.ops.appendFloat(dst, v.num, point)
}

func appendFloat(dst []byte, bits uint64, point bool) []byte {
	return json.AppendFloat(dst, math.Float64frombits(bits), point)
}

// truncate cuts a string, or each string of a list, to at most limit characters. limit is at least 1.
func (v *Value) truncate(limit int) {
	if len(v.str) > limit && v.ops.truncate != nil {
		v.str = v.ops.truncate(v.str, limit)
	}
}

// truncate counts characters, as OpenTelemetry's limit does. An invalid byte counts as one character.
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
