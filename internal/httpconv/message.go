package httpconv

import "strings"

// Message returns a text with each URL in it as Text returns it: an error's, for net/http's say which URL they are about. A URL ends where a space,
// a quotation mark or an angle bracket is, and punctuation before that is not part of it.
func (r *Redactor) Message(s string) string {
	var out []byte
	copied, begin := 0, 0 // of s; where a word begins
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
