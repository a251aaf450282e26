package slogspan

import (
	"bytes"
	"unicode/utf8"
)

const (
	shortest = 64  // bytes that a string keeps in any case; ids and times are shorter
	forNotes = 200 // bytes for the counts of what was shortened and dropped
)

// shrink shortens a record that is too large for a line, and reports whether it fits then. First the longest strings are cut,
// whether they are the message, a value or a key. Then attributes are dropped, from the last. The record gets both counts. head
// is the end of the part before the attributes, and from is the beginning of the attributes, each of which has a comma after
// it.
//
// It works on the encoded text, in which all strings look alike and the attributes of WithAttrs are included.
func (e *encoder) shrink(head, from int) bool {
	room := e.room - forNotes
	start, attrs := bytes.Clone(e.buf[:head]), bytes.Clone(e.buf[from:])
	var shortened, dropped int
	for most := room; len(start)+len(attrs) > room; most -= most / 4 {
		var inStart, inAttrs int
		most = max(most, shortest)
		start, inStart = e.shorten(start, most)
		attrs, inAttrs = e.shorten(attrs, most)
		shortened = max(shortened, inStart+inAttrs) // strings that an earlier round has shortened are counted again
		if most == shortest {
			attrs, dropped = leading(attrs, room-len(start))
			break
		}
	}
	if len(start) > room {
		return false
	}
	e.stats.shortened.Add(uint64(shortened))
	e.stats.droppedAttributes.Add(uint64(dropped))

	e.buf = append(e.buf[:0], start...)
	if e.Format == OTLP {
		e.raw(`"attributes":[`)
	}
	e.buf = append(e.buf, attrs...)
	if shortened > 0 {
		e.key("edgespan.shortened_values")
		e.integer(int64(shortened))
		e.endValue()
	}
	dropKey := `"dropped_attributes":`
	if e.Format == OTLP {
		e.end(`],`)
		dropKey = `"droppedAttributesCount":`
	}
	if dropped > 0 {
		e.int(dropKey, int64(dropped), `,`)
	}
	e.end(`}`)
	return true
}

const ellipsis = "…"

// shorten cuts each string of a JSON text to at most most bytes, in place, and returns how many it has cut.
func (e *encoder) shorten(text []byte, most int) (short []byte, n int) {
	short = text[:0]
	for {
		open := bytes.IndexByte(text, '"') + 1
		if open == 0 {
			return append(short, text...), n
		}
		short = append(short, text[:open]...)
		base64 := e.Format == OTLP && bytes.HasSuffix(short, []byte(`"bytesValue":"`)) // in JSON, this may be the key of a user's attribute
		text = text[open:]
		size := stringLen(text, len(text))
		switch {
		case size <= most:
			short = append(short, text[:size]...)
		case base64: // cut after whole groups of four characters
			short = append(short, text[:most&^3]...)
			n++
		default:
			short = append(append(short, text[:stringLen(text, most-len(ellipsis))]...), ellipsis...)
			n++
		}
		short = append(short, '"')
		text = text[size+1:]
	}
}

// stringLen returns the length of the string that text begins with, without its closing quote. If that is more than most bytes,
// it returns the length of the part with at most that many bytes that ends with a whole character.
func stringLen(text []byte, most int) (n int) {
	for {
		size := 1
		switch c := text[n]; {
		case c == '"':
			return n
		case c == '\\' && text[n+1] == 'u':
			size = len(`\u0000`)
		case c == '\\':
			size = 2
		case c >= utf8.RuneSelf:
			_, size = utf8.DecodeRune(text[n:])
		}
		if n+size > most {
			return n
		}
		n += size
	}
}

// leading returns the elements at the beginning of a list that fit into room, and how many do not. Each element has a comma
// after it.
func leading(list []byte, room int) (kept []byte, dropped int) {
	end, depth := 0, 0
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case '"':
			i += 1 + stringLen(list[i+1:], len(list))
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			switch {
			case depth > 0:
			case i < room && dropped == 0:
				end = i + 1
			default:
				dropped++
			}
		}
	}
	return list[:end], dropped
}
