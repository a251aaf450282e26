package jsonread

import "bytes"

// mendSurrogates replaces each of \ud800 to \udfff that is not part of a pair by \ufffd. JavaScript writes them for strings
// that are not well-formed UTF-16, and fastjson would leave the six characters in the text.
func mendSurrogates(line []byte) []byte {
	var mended []byte // a copy, made at the first replacement
	for i := 0; ; {
		n := bytes.IndexByte(line[i:], '\\')
		if n < 0 || i+n+1 >= len(line) {
			break
		}
		i += n
		unit := escapedUnit(line[i:])
		switch {
		case unit>>11 != 0x1b: // not a surrogate: skip the escaped character
			i += 2
			continue
		case unit < 0xdc00 && escapedUnit(line[i+6:])>>10 == 0x37:
			i += 12
			continue
		}
		if mended == nil {
			mended = bytes.Clone(line)
		}
		copy(mended[i:], `\ufffd`)
		i += 6
	}
	if mended != nil {
		return mended
	}
	return line
}

// escapedUnit returns the number in the \uXXXX at the beginning of s, or 0 if there is none.
func escapedUnit(s []byte) (unit uint16) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0
	}
	for _, c := range s[2:6] {
		digit := hexValue(c)
		if digit > 15 {
			return 0
		}
		unit = unit<<4 | uint16(digit)
	}
	return unit
}
