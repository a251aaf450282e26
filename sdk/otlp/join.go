package otlp

import "github.com/edgespan/edgespan/sdk/trace"

// The beginning of a line, and its end after the last scope.
const (
	lineStart = `{"resourceSpans":[`
	lineEnd   = `]}]}`
)

// Join appends the spans of b to a line that e has appended or joined last. They get a scope of their own, so that spans of two
// batches are never in the same list. They share the resource if it is the same. If the line would become longer than limit
// bytes, Join leaves it unchanged and returns false. If line does not end with such a line, for example because it is empty, b
// gets a line of its own. Join is for Edgespan's own packages.
func (e *Encoder) Join(line []byte, b *trace.Batch, limit int) ([]byte, bool) {
	if len(b.Spans) == 0 {
		return line, true
	}
	before := e.resource
	whole := e.Append(line, b)
	if end := len(line) - len(lineEnd); end < 0 || string(line[end:]) != lineEnd {
		if len(whole) > limit {
			return line, false
		}
		return whole, true
	}
	end, between, more := len(line)-len(lineEnd), ",", whole[len(line)+e.head:]
	if before != b.Resource {
		between, more = "]},", whole[len(line)+len(lineStart):]
	}
	if end+len(between)+len(more) > limit {
		if before != b.Resource {
			e.resource, e.prefix = before, "" // the resource that the line ends with
		}
		return whole[:len(line)], false
	}
	copy(whole[end:], between)
	moved := copy(whole[end+len(between):], more)
	return whole[:end+len(between)+moved], true
}
