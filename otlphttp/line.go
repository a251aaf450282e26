package otlphttp

import (
	"bytes"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/internal/jsonskip"
)

// A line is what otlp.Encoder writes: one resource and its scopes. The pieces that all lines have:
const (
	lineHead   = `{"resourceSpans":[`
	lineScopes = `,"scopeSpans":[`
	lineTail   = `]}]}`
	element    = `{"resource":`
	spanTime   = `"startTimeUnixNano":"` // which each span has once, and no text, where the quotes would be escaped
)

// prefixLength returns how much of a line stands before its first scope, or 0 for what is no line.
func prefixLength(line []byte) int {
	n := len(lineHead) + len(element)
	if len(line) < n || string(line[:n]) != lineHead+element || !bytes.HasSuffix(line, []byte(lineTail)) {
		return 0
	}
	n = jsonskip.Value(line, n)
	if !bytes.HasPrefix(line[n:], []byte(lineScopes)) {
		return 0
	}
	return n + len(lineScopes)
}

// count returns the number of spans in a line that comes from a store, and 0 where it is not one whole line.
func count(line []byte) int {
	if prefixLength(line) == 0 || jsonskip.Value(line, len(lineHead)) != len(line)-len(`]}`) ||
		jsonskip.Depth(line) > fastjson.MaxDepth || fastjson.ValidateBytes(line) != nil { // which has no limit of its own, as Parse has
		return 0
	}
	return bytes.Count(line, []byte(spanTime))
}

// join appends a body out of as many of the lines as max has room for, at least one, and returns how many. Lines in a row
// that name the same resource share it. A line that is none is joined to nothing, so that it is refused alone.
func join(dst []byte, lines [][]byte, max int) (body []byte, n int) {
	prefix := 0
	var first []byte
	for i, line := range lines {
		p := prefixLength(line)
		switch {
		case i == 0 && p == 0:
			return append(dst, line...), 1
		case i == 0:
			dst = append(dst, line[:len(line)-len(lineTail)]...)
		case p == 0:
			return append(dst, lineTail...), i
		case p == prefix && bytes.Equal(line[:p], first[:prefix]):
			if len(dst)+1+len(line)-p > max {
				return append(dst, lineTail...), i
			}
			dst = append(dst, ',')
			dst = append(dst, line[p:len(line)-len(lineTail)]...)
			continue
		case len(dst)+len(`]},`)+len(line)-len(lineHead) > max:
			return append(dst, lineTail...), i
		default:
			dst = append(dst, `]},`...)
			dst = append(dst, line[len(lineHead):len(line)-len(lineTail)]...)
		}
		prefix, first = p, line
	}
	return append(dst, lineTail...), len(lines)
}
