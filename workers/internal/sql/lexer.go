package sql

import "strings"

// kind is the kind of a token.
type kind uint8

const (
	other   kind = iota // punctuation and parameters
	name                // keywords and unquoted names
	quoted              // "x", `x` or [x]
	literal             // strings, numbers and blobs
)

// lexer splits a query into tokens, https://www.sqlite.org/lang_expr.html. A string or comment that is not closed extends to
// the end.
type lexer struct {
	rest   string
	token  string
	kind   kind
	spaced bool // the token was preceded by space or a comment, which is left out
}

func (l *lexer) next() bool {
	l.spaced = false
	for l.skip() {
		l.spaced = true
	}
	if l.rest == "" {
		return false
	}
	n := 1
	switch c := l.rest[0]; {
	case c == '\'':
		l.kind, n = literal, closing(l.rest, 1, '\'')
	case (c == 'x' || c == 'X') && len(l.rest) > 1 && l.rest[1] == '\'':
		l.kind, n = literal, closing(l.rest, 2, '\'')
	case c == '"' || c == '`':
		l.kind, n = quoted, closing(l.rest, 1, c)
	case c == '[':
		l.kind, n = quoted, closing(l.rest, 1, ']')
	case digit(c) || c == '.' && len(l.rest) > 1 && digit(l.rest[1]):
		l.kind = literal
		for n < len(l.rest) && (letter(l.rest[n]) || digit(l.rest[n]) || l.rest[n] == '.' ||
			(l.rest[n] == '+' || l.rest[n] == '-') && l.rest[n-1]|0x20 == 'e') {
			n++
		}
	case letter(c):
		l.kind = name
		for n < len(l.rest) && (letter(l.rest[n]) || digit(l.rest[n]) || l.rest[n] == '$') {
			n++
		}
	case c == '?' || c == ':' || c == '@' || c == '$':
		l.kind = other
		for n < len(l.rest) && (letter(l.rest[n]) || digit(l.rest[n])) {
			n++
		}
	default:
		l.kind = other
	}
	l.token, l.rest = l.rest[:n], l.rest[n:]
	return true
}

// called reports whether the current name is that of a function.
func (l *lexer) called() bool {
	ahead := *l
	return ahead.next() && ahead.token == "("
}

// qualified extends the current name to a qualified one, such as "main.items".
func (l *lexer) qualified() {
	ahead := *l
	if ahead.next() && ahead.token == "." && ahead.next() && (ahead.kind == name || ahead.kind == quoted) {
		ahead.token, ahead.spaced = l.token+"."+ahead.token, l.spaced
		*l = ahead
	}
}

// skip skips space or a comment, and reports whether there was any.
func (l *lexer) skip() bool {
	was := len(l.rest)
	l.rest = strings.TrimLeft(l.rest, " \t\r\n\f")
	end := ""
	switch {
	case strings.HasPrefix(l.rest, "--"):
		end = "\n"
	case strings.HasPrefix(l.rest, "/*"):
		end = "*/"
	default:
		return len(l.rest) < was
	}
	if i := strings.Index(l.rest[2:], end); i >= 0 {
		l.rest = l.rest[2+i+len(end):]
	} else {
		l.rest = ""
	}
	return true
}

// closing returns the index behind the closing quote, searching from the index from. A doubled quote does not close.
func closing(s string, from int, quote byte) int {
	for i := from; i < len(s); i++ {
		if s[i] != quote {
			continue
		}
		if i+1 < len(s) && s[i+1] == quote && quote != ']' {
			i++
			continue
		}
		return i + 1
	}
	return len(s)
}

func digit(c byte) bool  { return '0' <= c && c <= '9' }
func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= 0x80 }
