package jsonread

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/edgespan/edgespan/sdk/internal/hex"
	"github.com/valyala/fastjson"
)

// Clean returns a copy of b in which each byte that is not UTF-8 has become U+FFFD, as it does when it is written.
func Clean(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string([]rune(string(b)))
}

// Text returns a string, and "" for a missing one.
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

// Bool returns a boolean, and false for a missing one.
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

// Int returns an integer that is written as a number or as a string, and 0 for a missing one.
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

// Count returns an integer that fits 32 bits and is not negative.
func Count(v *fastjson.Value, field string) (uint32, error) {
	n, err := Int(v, field)
	if err == nil && (n < 0 || n > math.MaxUint32) {
		return 0, Bad(field, "an integer of 32 bits", v.Get(field))
	}
	return uint32(n), err
}

// Float returns a number that is written as one or as a string, such as "NaN" and "-Infinity".
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

// Number returns a number that is written as one: an integer where it looks like one and fits 64 bits.
func Number(f *fastjson.Value) (n int64, float float64, isInt, ok bool) {
	if f.Type() != fastjson.TypeNumber {
		return 0, 0, false, false
	}
	text := Digits(f)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, 0, true, true
	}
	float, err := strconv.ParseFloat(text, 64)
	// fastjson takes nan and inf as well, which are no numbers of JSON.
	return 0, float, false, err == nil && !math.IsNaN(float) && !math.IsInf(float, 0)
}

// Digits returns the text of a number.
func Digits(f *fastjson.Value) string {
	var buf [32]byte
	return string(f.MarshalTo(buf[:0]))
}

// Hex fills dst from hex digits in either case. A missing or empty string leaves it as it is.
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

// hexValue takes the upper case that other writers may have.
func hexValue(c byte) byte {
	if 'A' <= c && c <= 'F' {
		c += 'a' - 'A'
	}
	return hex.Value(c)
}

// digits returns the text of a number that is written as one or as a string.
func digits(f *fastjson.Value) string {
	switch f.Type() {
	case fastjson.TypeNumber:
		return Digits(f)
	case fastjson.TypeString:
		return strings.TrimSpace(string(f.GetStringBytes()))
	}
	return ""
}

// integer reads what has no fraction, also where it is written with a point or an exponent, as some peers do.
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
