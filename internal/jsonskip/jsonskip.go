// Package jsonskip finds where a piece of JSON ends, without decoding it, so that pieces can be copied from one text to another
// unchanged.
package jsonskip

import "bytes"

// Value returns the end of the object, list or string that begins at i. If the text is not JSON, it returns some position up to
// the end of the text.
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

// Depth returns how deep the text nests. Use it to keep a text that nests too deep from a recursive parser.
func Depth(text []byte) (deepest int) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		case '"':
			i = Value(text, i) - 1
		}
	}
	return deepest
}

// Elements returns the elements of a list. list must be valid JSON without anything around the list.
func Elements(list []byte) [][]byte {
	var all [][]byte
	for i := skipSpace(list, 1); i < len(list)-1; i = skipSpace(list, i+1) {
		end := end(list, i)
		all = append(all, list[i:end])
		i = skipSpace(list, end) // skip to the comma
	}
	return all
}

// Member returns the value of the member with this name, as it is written in the object, or nil. If several members have the
// name, it returns the first. object must be valid JSON without anything around the object.
func Member(object []byte, name string) []byte {
	for i := skipSpace(object, 1); i < len(object)-1; i = skipSpace(object, i+1) {
		key := object[i:Value(object, i)]
		i = skipSpace(object, skipSpace(object, i+len(key))+1) // skip the colon
		end := end(object, i)
		if len(key) == len(name)+2 && bytes.Equal(key[1:len(key)-1], []byte(name)) {
			return object[i:end]
		}
		i = skipSpace(object, end)
	}
	return nil
}

// end returns the end of the value, of any type, that begins at i.
func end(text []byte, i int) int {
	if n := bytes.IndexAny(text[i:], ",]} \t\r\n"); i < len(text) && bytes.IndexByte([]byte(`{["`), text[i]) < 0 && n >= 0 {
		return i + n
	}
	return Value(text, i)
}

func skipSpace(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n') {
		i++
	}
	return i
}
