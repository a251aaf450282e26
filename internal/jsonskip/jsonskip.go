// Package jsonskip finds where a piece of JSON ends, without reading it: so that pieces move from one text to another as they are.
package jsonskip

// Value returns where the object, list or string ends that begins at i. Where the text is no JSON, it is some place up to the end of
// the text.
func Value(text []byte, i int) int {
	depth := 0
	for ; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		}
		if depth <= 0 {
			return min(i+1, len(text))
		}
	}
	return len(text)
}
