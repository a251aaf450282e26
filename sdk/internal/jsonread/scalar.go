package jsonread

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/valyala/fastjson"
)

// Clean returns a copy of b in which U+FFFD replaces each byte that is not UTF-8, as it does in written lines.
func Clean(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string([]rune(string(b)))
}

// Text returns a string, or "" if the field is missing.
func Text(v *fastjson.Value, field string) (string, error) {
	f := v.Get(field)
	if IsNull(f) {
		return "", nil
	}
	if f.Type() != fastjson.TypeString {
		return "", Bad(field, "a string", f)
	}
	return Clean(f.GetStringBytes()), nil
}

// Bool returns a boolean, or false if the field is missing.
func Bool(v *fastjson.Value, field string) (bool, error) {
	f := v.Get(field)
	switch {
	case IsNull(f):
		return false, nil
	case f.Type() == fastjson.TypeTrue:
		return true, nil
	case f.Type() == fastjson.TypeFalse:
		return false, nil
	}
	return false, Bad(field, "true or false", f)
}

// Int returns an integer, which may be written as a number or as a string. It returns 0 if the field is missing.
func Int(v *fastjson.Value, field string) (int64, error) {
	f := v.Get(field)
	if IsNull(f) {
		return 0, nil
	}
	n, ok := integer(digits(f))
	if !ok {
		return 0, Bad(field, "a 64-bit integer", f)
	}
	return n, nil
}

// Count returns an integer that fits into 32 bits and is not negative.
func Count(v *fastjson.Value, field string) (uint32, error) {
	n, err := Int(v, field)
	if err == nil && (n < 0 || n > math.MaxUint32) {
		return 0, Bad(field, "an integer of 32 bits", v.Get(field))
	}
	return uint32(n), err
}

// Float returns a number, which may be written as a number or as a string such as "NaN" or "-Infinity". It returns 0 if the
// field is missing.
func Float(v *fastjson.Value, field string) (float64, error) {
	f := v.Get(field)
	if IsNull(f) {
		return 0, nil
	}
	n, err := strconv.ParseFloat(digits(f), 64)
	if err != nil {
		return 0, Bad(field, "a number", f)
	}
	return n, nil
}

// Number returns a number that is written as a number. It is an integer if it looks like one and fits into 64 bits.
func Number(f *fastjson.Value) (n int64, float float64, isInt, ok bool) {
	if f.Type() != fastjson.TypeNumber {
		return 0, 0, false, false
	}
	text := Digits(f)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, 0, true, true
	}
	float, err := strconv.ParseFloat(text, 64)
	// fastjson also accepts nan and inf, which are not numbers in JSON.
	return 0, float, false, err == nil && !math.IsNaN(float) && !math.IsInf(float, 0)
}

// Digits returns the text of a number.
func Digits(f *fastjson.Value) string {
	var buf [32]byte
	return string(f.MarshalTo(buf[:0]))
}

// Hex fills dst from hex digits in either case. If the field is missing or empty, it leaves dst unchanged.
func Hex(dst []byte, v *fastjson.Value, field string) error {
	f := v.Get(field)
	if IsNull(f) {
		return nil
	}
	s := f.GetStringBytes()
	if len(s) == 0 && f.Type() == fastjson.TypeString {
		return nil
	}
	if len(s) != 2*len(dst) {
		return Bad(field, strconv.Itoa(2*len(dst))+" hex digits", f)
	}
	for i := range dst {
		hi, lo := hexValue(s[2*i]), hexValue(s[2*i+1])
		if hi|lo > 15 {
			return Bad(field, strconv.Itoa(2*len(dst))+" hex digits", f)
		}
		dst[i] = hi<<4 | lo
	}
	return nil
}

// hexValue also accepts upper case, which other writers may use.
func hexValue(c byte) byte {
	if 'A' <= c && c <= 'F' {
		c += 'a' - 'A'
	}
	return hex.Value(c)
}

// digits returns the text of a number that is written as a number or as a string.
func digits(f *fastjson.Value) string {
	switch f.Type() {
	case fastjson.TypeNumber:
		return Digits(f)
	case fastjson.TypeString:
		return strings.TrimSpace(string(f.GetStringBytes()))
	}
	return ""
}

// integer parses a number without a fraction. Some programs write one with a point or an exponent, which is accepted.
func integer(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || f < -1<<63 || f >= 1<<63 || !strings.ContainsAny(s, ".eE") {
		return 0, false
	}
	return int64(f), true
}
