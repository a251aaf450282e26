package fastlylogsreceiver

import "bytes"

// splitLines calls yield with each JSON document of a body, without the white space around it.
//
// A body consists of lines, or is a JSON array of objects, as Fastly's three JSON formats produce them. Text that is not an
// object is yielded too, so that it is counted.
func splitLines(body []byte, yield func(line []byte)) {
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] == '[' {
		body = splitArray(body, yield)
	}
	for line := range bytes.Lines(body) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			yield(line)
		}
	}
}

// splitArray yields the elements of an array. It returns the rest of the body from the first object that does not end. That is
// read line by line, so an element that was truncated costs only itself.
func splitArray(body []byte, yield func(line []byte)) (rest []byte) {
	const between = " \t\r\n[],"
	for {
		body = bytes.TrimLeft(body, between)
		n := objectLen(body)
		if n == 0 {
			if n = otherLen(body); n == 0 {
				return bytes.TrimRight(body, between)
			}
		}
		yield(bytes.TrimRight(body[:n], between))
		body = body[n:]
	}
}

// otherLen returns the length of the text at the beginning of b that is not an object. It ends at the end of the line, or at a
// comma that an object follows. The result is 0 if b is empty or begins with an object.
func otherLen(b []byte) int {
	if len(b) == 0 || b[0] == '{' {
		return 0
	}
	for i, c := range b {
		if c == '\n' || c == ',' && bytes.HasPrefix(bytes.TrimLeft(b[i+1:], " \t"), []byte("{")) {
			return i
		}
	}
	return len(b)
}

// objectLen returns the length of the object at the beginning of b, or 0 if there is none or it does not end. A raw newline
// inside a string means that the object was truncated, since JSON does not allow one there.
func objectLen(b []byte) int {
	if len(b) == 0 || b[0] != '{' {
		return 0
	}
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted:
			switch c {
			case '\\':
				i++
			case '"':
				quoted = false
			case '\n':
				return 0
			}
		case c == '"':
			quoted = true
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// trimPrefix removes the text before the JSON object. All of Fastly's message types except "blank" put a syslog header or a
// time there. It also removes a comma after the object, which remains from an array.
func trimPrefix(line []byte) []byte {
	i := bytes.IndexByte(line, '{')
	if i < 0 {
		return line
	}
	return bytes.TrimRight(line[i:], ", ")
}
