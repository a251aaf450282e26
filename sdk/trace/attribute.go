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

// ValueKind tells what a [Value] holds.
type ValueKind uint8

// The kinds of [Value]: the types of OpenTelemetry's attributes.
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

// Value is a string, bool, int64, float64, or a list of one of them. It is made by an [Attribute]'s constructor, never
// changes, and two are equal where == says so. It has no String method, which would be 4 kB of every service: package tracetest
// and the encoders show it.
type Value struct {
	ops *kindOps
	num uint64
	str string // of a list: its packed elements, see list.go
}

// kindOps is what a kind of value can do beyond being held. Only its constructor names it, so that what floating-point numbers and
// lists need is linked into programs that have some.
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

// Strings returns an attribute with a list of strings, which is copied.
func Strings(key string, values ...string) Attribute {
	return Attribute{key, Value{ops: &stringsOps, str: packStrings(values)}}
}

// Bools returns an attribute with a list of booleans, which is copied.
func Bools(key string, values ...bool) Attribute {
	return Attribute{key, Value{ops: &boolsOps, str: packBools(values)}}
}

// Ints returns an attribute with a list of integers, which is copied.
func Ints(key string, values ...int) Attribute {
	return Attribute{key, Value{ops: &intsOps, str: packNumbers(values, func(v int) uint64 { return uint64(v) })}}
}

// Int64s returns an attribute with a list of integers, which is copied.
func Int64s(key string, values ...int64) Attribute {
	return Attribute{key, Value{ops: &intsOps, str: packNumbers(values, func(v int64) uint64 { return uint64(v) })}}
}

// Float64s returns an attribute with a list of floating-point numbers, which is copied.
func Float64s(key string, values ...float64) Attribute {
	return Attribute{key, Value{ops: &float64sOps, str: packNumbers(values, math.Float64bits)}}
}

// Kind tells which of the accessors holds the value. The others return zero.
func (v Value) Kind() ValueKind {
	if v.ops == nil {
		return KindEmpty
	}
	return v.ops.id
}

// Str returns the string of a [KindString].
func (v Value) Str() string {
	if v.ops != &stringOps {
		return ""
	}
	return v.str
}

// Bool returns the boolean of a [KindBool].
func (v Value) Bool() bool { return v.ops == &boolOps && v.num != 0 }

// Int64 returns the integer of a [KindInt64].
func (v Value) Int64() int64 {
	if v.ops != &intOps {
		return 0
	}
	return int64(v.num)
}

// Float64 returns the number of a [KindFloat64].
func (v Value) Float64() float64 {
	if v.Kind() != KindFloat64 {
		return 0
	}
	return math.Float64frombits(v.num)
}

// Strings returns the list of a [KindStrings].
func (v Value) Strings() []string {
	if v.Kind() != KindStrings {
		return nil
	}
	return unpackStrings(v.str)
}

// Bools returns the list of a [KindBools].
func (v Value) Bools() []bool {
	if v.Kind() != KindBools {
		return nil
	}
	return unpackBools(v.str)
}

// Int64s returns the list of a [KindInt64s].
func (v Value) Int64s() []int64 {
	if v.Kind() != KindInt64s {
		return nil
	}
	return unpackNumbers(v.str, func(n uint64) int64 { return int64(n) })
}

// Float64s returns the list of a [KindFloat64s].
func (v Value) Float64s() []float64 {
	if v.Kind() != KindFloat64s {
		return nil
	}
	return unpackNumbers(v.str, math.Float64frombits)
}

// TextSize returns the bytes that the value's text holds, roughly what it adds to a line. It is for finding the largest,
// and for Edgespan's own packages.
func (v Value) TextSize() int { return len(v.str) } // Size is what hash.Hash has: the linker would keep it in every service

// AppendFloat appends a [KindFloat64] as JSON: in the fewest digits that read back to it, with a point if asked so that it shows that
// it is no integer, and what JSON has no number for as a string. Of any other kind it appends nothing.
// It is for Edgespan's own packages and encoders of one's own.
func (v Value) AppendFloat(dst []byte, point bool) []byte {
	if v.ops == nil || v.ops.appendFloat == nil {
		return dst
	}
	return v.ops.appendFloat(dst, v.num, point)
}

func appendFloat(dst []byte, bits uint64, point bool) []byte {
	return json.AppendFloat(dst, math.Float64frombits(bits), point)
}

// truncate cuts strings to at most limit characters, which is 1 or more.
func (v *Value) truncate(limit int) {
	if len(v.str) > limit && v.ops.truncate != nil {
		v.str = v.ops.truncate(v.str, limit)
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
