package fastlylogsreceiver

import "bytes"

// splitLines calls yield with each document of a body, without the white space round it.
//
// A body is newline-delimited lines, or a JSON array of objects, as Fastly's three JSON formats give. What is no object is
// yielded too, so that it is counted.
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

// splitArray yields the elements of an array. It returns what is left from the first object that does not end: that is read
// line by line, so one element that was cut off does not take the others along.
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

// otherLen returns where what b begins with ends if that is no object, or 0: at the end of the line, or at a comma with an object behind it.
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

// objectLen returns where the object that b begins with ends, or 0. A raw newline within a string ends it: JSON has none there.
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

// trimPrefix cuts off what stands before the JSON: Fastly's message types other than blank put a syslog header or a time there.
// In what is left of an array, it cuts the comma after the element too.
func trimPrefix(line []byte) []byte {
	i := bytes.IndexByte(line, '{')
	if i < 0 {
		return line
	}
	return bytes.TrimRight(line[i:], ", ")
}
