package httpconv

import "strings"

// Message redacts each URL in a text as Text does. It is for texts of errors, since errors of net/http contain the URL of the
// request. A URL ends at a space, a quotation mark or an angle bracket. Punctuation before that is not part of the URL.
func (r *Redactor) Message(s string) string {
	var out []byte
	copied, begin := 0, 0 // how much of s is in out; where a word begins
	for at := 0; at <= len(s); at++ {
		if at < len(s) && strings.IndexByte(" \t\r\n\"'`<>", s[at]) < 0 {
			continue
		}
		word := strings.TrimRight(s[begin:at], ".,:;!)]}")
		if shown := r.Text(word); shown != word {
			out = append(append(out, s[copied:begin]...), shown...)
			copied = begin + len(word)
		}
		begin = at + 1
	}
	if copied == 0 {
		return s
	}
	return string(out) + s[copied:]
}
