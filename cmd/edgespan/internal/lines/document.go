package lines

import (
	"bytes"
	"io"
	"slices"
)

// opens tells whether a line may be the first of an indented JSON document, as jq and python3 -m json.tool write them.
func opens(line []byte) bool {
	line = bytes.TrimRight(bytes.TrimPrefix(line, byteOrderMark), " \t\r\n")
	return len(line) == 1 && (line[0] == '{' || line[0] == '[')
}

// marked tells whether a text has a mark of telemetry.
func marked(text []byte) bool {
	return slices.ContainsFunc(marks, func(m mark) bool { return bytes.Contains(text, m.key) })
}

// document returns the document that begins with the line first, as one line. The document's lines are indented, up to the brace or
// bracket that closes it. No JSON string spans lines, so joining them loses nothing. If no document of telemetry begins here,
// document returns nothing, and its lines are returned next, one by one.
func (r *Reader) document(first []byte) []byte {
	start, read := r.Offset-int64(len(first)), r.read-1
	raw := bytes.Clone(first)
	text := bytes.Clone(bytes.TrimSpace(bytes.TrimPrefix(first, byteOrderMark)))
	closing := text[0] + 2 // in ASCII this holds for braces and for brackets
	for {
		line, err := r.line()
		last := isLast(line, closing)
		fits := err != nil || line != nil && len(raw)+len(line) <= r.max
		switch {
		case !fits && (line == nil || (last || isInner(line)) && marked(text)):
			r.TooLong++
			r.skip(closing)
			return nil
		case fits && (last || isInner(line)):
			raw, text = append(raw, line...), append(text, bytes.TrimSpace(line)...)
			r.trimEnd(raw[len(raw)-len(line):])
			if !last {
				continue
			}
			if line = nil; marked(text) {
				return text
			}
		case err == io.EOF && marked(text):
			r.err, r.Torn = err, true
			return text
		}
		r.plain = max(1, bytes.Count(raw, []byte{'\n'}))
		r.held, r.err = append(raw, line...), err
		r.Offset, r.read = start, read
		return nil
	}
}

// skip skips the rest of a document.
func (r *Reader) skip(closing byte) {
	for {
		line, err := r.line()
		if err == nil && (line == nil || isInner(line)) {
			continue
		}
		if r.err = err; err == nil && !isLast(line, closing) {
			r.held = bytes.Clone(line)
			r.Offset -= int64(len(line))
			r.read--
		}
		return
	}
}

func isInner(line []byte) bool { return len(line) > 0 && (line[0] == ' ' || line[0] == '\t') }

func isLast(line []byte, closing byte) bool {
	return len(line) > 0 && line[0] == closing && len(bytes.TrimSpace(line)) == 1
}
