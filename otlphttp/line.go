package otlphttp

import (
	"bytes"

	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/internal/jsonskip"
)

// A line is the output of otlp.Encoder: one resource and its scopes. All lines have these pieces in common:
const (
	lineHead   = `{"resourceSpans":[`
	lineScopes = `,"scopeSpans":[`
	lineTail   = `]}]}`
	element    = `{"resource":`
	spanTime   = `"startTimeUnixNano":"` // occurs once in each span, and never in a text, where its quotes would be escaped
)

// prefixLength returns the length of the part of a line before its first scope, or 0 if it is not a line.
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

// count returns the number of spans in a line from a store, or 0 if it is not exactly one whole line.
func count(line []byte) int {
	if prefixLength(line) == 0 || jsonskip.Value(line, len(lineHead)) != len(line)-len(`]}`) ||
		jsonskip.Depth(line) > fastjson.MaxDepth || fastjson.ValidateBytes(line) != nil { // ValidateBytes has no limit of depth, unlike Parse
		return 0
	}
	return bytes.Count(line, []byte(spanTime))
}

// join appends to dst a body with as many of the lines as fit into max bytes, and with at least one. It returns how many lines
// that is. Consecutive lines with the same resource share it. A text that is not a line is sent alone, so that the receiver
// refuses nothing else with it.
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
