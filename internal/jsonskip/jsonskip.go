// Package jsonskip finds where a piece of JSON ends, without reading it: so that pieces move from one text to another as they are.
package jsonskip

import "bytes"

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

// Depth returns how deep the text nests, so that what no parser takes is kept from one that calls itself without an end.
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

// Elements returns the elements of a list, which is valid JSON and nothing else.
func Elements(list []byte) [][]byte {
	var all [][]byte
	for i := skipSpace(list, 1); i < len(list)-1; i = skipSpace(list, i+1) {
		end := end(list, i)
		all = append(all, list[i:end])
		i = skipSpace(list, end) // the comma
	}
	return all
}

// Member returns the value of the object's member of that name, as it is written there, or nil. The object is valid JSON and nothing
// else. Of members that share a name, it is the first.
func Member(object []byte, name string) []byte {
	for i := skipSpace(object, 1); i < len(object)-1; i = skipSpace(object, i+1) {
		key := object[i:Value(object, i)]
		i = skipSpace(object, skipSpace(object, i+len(key))+1) // the colon
		end := end(object, i)
		if len(key) == len(name)+2 && bytes.Equal(key[1:len(key)-1], []byte(name)) {
			return object[i:end]
		}
		i = skipSpace(object, end)
	}
	return nil
}

// end returns where any value ends that begins at i.
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
