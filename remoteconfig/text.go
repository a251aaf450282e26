package remoteconfig

import (
	"math"
	"strings"
	"unicode/utf8"
)

// This file checks what fastjson does not check: it limits the depth, refuses control characters and invalid escapes in
// strings, and refuses words such as nan for numbers. fastjson's Validate does all of that except the first, but is ten times
// the code.

// maxDepth is the greatest depth of brackets. No valid document needs as much.
const maxDepth = 16

// scan returns what is wrong with the size, the encoding, the strings or the depth of text, or nil.
func scan(text string) *problem {
	switch {
	case len(text) > MaxBytes:
		return &problem{what: itoa(len(text)) + " bytes, more than " + itoa(MaxBytes)}
	case !utf8.ValidString(text):
		return &problem{what: "not UTF-8"}
	}
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			if n := escape(text[i+1:]); n > 0 {
				i += n
				continue
			}
			return &problem{what: "not JSON: an invalid escape in a string"}
		case quoted && c < ' ':
			return &problem{what: "not JSON: a control character in a string"}
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return &problem{what: "brackets nest deeper than " + itoa(maxDepth)}
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// escape returns the length of the escape sequence that s begins with, without its backslash, or 0 if s begins with none.
func escape(s string) int {
	if s == "" || s[0] != 'u' {
		return min(1, len(s), 1+strings.IndexByte(`"\/bfnrt`, first(s)))
	}
	if len(s) < 5 {
		return 0
	}
	for _, c := range []byte(s[1:5]) {
		if c-'0' > 9 && (c|0x20)-'a' > 5 {
			return 0
		}
	}
	return 5
}

func first(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

// parseNumber parses a number of JSON. The result is exact for numbers with up to 15 digits and no large exponent. strconv
// would be exact for all, but links 40 kB of tables.
func parseNumber(s string) (f float64, ok bool) {
	rest := strings.TrimPrefix(s, "-")
	negative := len(rest) < len(s)
	whole, rest := digits(rest)
	fraction := ""
	ok = whole != "" && (whole[0] != '0' || whole == "0")
	if first(rest) == '.' {
		fraction, rest = digits(rest[1:])
		ok = ok && fraction != ""
	}
	exponent, valid := parseExponent(rest)
	if !ok || !valid {
		return 0, false
	}
	mantissa, dropped := uint64(0), 0
	for _, c := range []byte(whole + fraction) {
		if mantissa < 1<<59 {
			mantissa = 10*mantissa + uint64(c-'0')
		} else {
			dropped++
		}
	}
	f = scaled(float64(mantissa), exponent-len(fraction)+dropped)
	if negative {
		f = -f
	}
	return f, !math.IsInf(f, 0)
}

// parseExponent parses what follows the digits of a number: an exponent, or usually nothing.
func parseExponent(s string) (exponent int, ok bool) {
	if s == "" {
		return 0, true
	}
	if s[0]|0x20 != 'e' {
		return 0, false
	}
	power := s[1:]
	negative := first(power) == '-'
	if negative || first(power) == '+' {
		power = power[1:]
	}
	power, rest := digits(power)
	for _, c := range []byte(power) {
		exponent = min(10*exponent+int(c-'0'), MaxBytes+1000) // limited to a number that no count of digits can balance
	}
	if negative {
		exponent = -exponent
	}
	return exponent, power != "" && rest == ""
}

// scaled returns f times ten to the power of exponent.
func scaled(f float64, exponent int) float64 {
	if f == 0 {
		return 0
	}
	for ; exponent > 22; exponent-- {
		if f *= 10; math.IsInf(f, 0) {
			return f
		}
	}
	for ; exponent < -22 && f > 0; exponent++ {
		f /= 10
	}
	power := 1.0 // exact up to ten to the power of 22
	for range max(exponent, -exponent) {
		power *= 10
	}
	if exponent < 0 {
		return f / power
	}
	return f * power
}

// digits splits a text after its leading decimal digits.
func digits(s string) (leading, rest string) {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return s[:i], s[i:]
}
