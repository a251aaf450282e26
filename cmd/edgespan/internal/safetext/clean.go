package safetext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	zeroWidthJoiner = '\u200d' // part of many emoji
	noBreakSpace    = '\u00a0'
)

// maxMarks is how many combining marks one character keeps. More would be painted over the lines above and below.
const maxMarks = 4

// Clean returns s with everything that does not print written as an escape: "\n", "\x1b", "\u202e".
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	marks := 0
	for i, r := range s {
		if unicode.Is(unicode.M, r) {
			if marks++; marks <= maxMarks {
				b.WriteRune(r)
			}
			continue
		}
		marks = 0
		switch {
		case r == utf8.RuneError && invalidAt(s, i):
			writeByte(&b, s[i])
		case prints(r):
			b.WriteRune(r)
		case r == noBreakSpace:
			b.WriteByte(' ')
		default:
			writeEscape(&b, r)
		}
	}
	return b.String()
}

// CleanLines is Clean for a text of several lines, such as the text of joined errors.
func CleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Join(lines, "\n")
}

// CleanLine is Clean for a line that a program printed. It removes colours and cursor movements instead of showing them, and makes
// a tab a space.
func CleanLine(s string) string {
	if isClean(s) {
		return s
	}
	return Clean(strings.ReplaceAll(dropSequences(s), "\t", "    "))
}

func prints(r rune) bool { return unicode.IsPrint(r) || r == zeroWidthJoiner }

func isClean(s string) bool {
	for i, r := range s {
		if !prints(r) || r >= 0x300 && unicode.Is(unicode.M, r) || r == utf8.RuneError && invalidAt(s, i) {
			return false
		}
	}
	return true
}

func invalidAt(s string, i int) bool {
	_, n := utf8.DecodeRuneInString(s[i:])
	return n == 1
}

const hexDigits = "0123456789abcdef"

func writeByte(b *strings.Builder, c byte) {
	b.WriteString(`\x`)
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}

func writeEscape(b *strings.Builder, r rune) {
	switch r {
	case '\n':
		b.WriteString(`\n`)
		return
	case '\r':
		b.WriteString(`\r`)
		return
	case '\t':
		b.WriteString(`\t`)
		return
	}
	digits := 8
	switch {
	case r < 0x80:
		writeByte(b, byte(r))
		return
	case r < 0x10000:
		b.WriteString(`\u`)
		digits = 4
	default:
		b.WriteString(`\U`)
	}
	for i := digits - 1; i >= 0; i-- {
		b.WriteByte(hexDigits[r>>(4*i)&15])
	}
}

const escape = 0x1b

// dropSequences removes control sequences of ECMA-48: CSI up to its final byte, and OSC and similar ones up to their terminator.
func dropSequences(s string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(s, escape)
		if at < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at])
		s = s[at+1:]
		if s == "" {
			return b.String()
		}
		switch s[0] {
		case '[':
			s = strings.TrimLeftFunc(s[1:], func(r rune) bool { return r >= 0x20 && r <= 0x3f })
			if s != "" && s[0] >= 0x40 && s[0] <= 0x7e {
				s = s[1:]
			}
		case ']', 'P', '_', '^', 'X':
			end := strings.IndexAny(s, "\x07\x1b")
			if end < 0 {
				return b.String()
			}
			s = strings.TrimPrefix(strings.TrimPrefix(s[end:], "\x07"), "\x1b\\")
		default:
			_, n := utf8.DecodeRuneInString(s)
			s = s[n:]
		}
	}
}
